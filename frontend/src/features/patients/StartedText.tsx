/** A text of the record's form that shows whether it is still as it began or has been written anew. */
import { type UseFormReturn, useWatch } from "react-hook-form";
import { errorText } from "@/i18n/errorText";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { TextArea } from "@/ui/Field";
import type { RecordText } from "./recordFields";
import type { RecordForm, RecordStart } from "./recordForm";

interface StartedTextProps {
  form: UseFormReturn<RecordForm>;
  name: RecordText;
  start: RecordStart;
}

export function StartedText({ form, name, start }: StartedTextProps) {
  const { t } = useLanguage();
  const typed = useWatch({ control: form.control, name });
  const begun = start.base?.[name] ?? "";
  const isAsBegun = typed.trim() === begun.trim();
  const isCarried = start.kind === "carried" && begun !== "" && isAsBegun;
  const isChanged = start.base !== null && !isAsBegun;
  const mark = isCarried
    ? t("record.carried.mark", { number: start.base.number })
    : isChanged
      ? t("record.changed")
      : undefined;
  const isMain = name === "physiotherapyTreatment";
  const write = (text: string) => {
    form.setValue(name, text, { shouldDirty: true });
    form.setFocus(name);
  };
  return (
    <div className={classes("relative -mx-3 rounded-field px-3 py-2", isCarried && "bg-accent-soft")}>
      <TextArea
        {...form.register(name)}
        label={t(`record.${name}`)}
        error={errorText(form.formState.errors[name], t)}
        hint={mark}
        required={isMain}
        rows={isMain ? 5 : 2}
      />
      {isCarried && (
        <Step onStep={() => write("")} label={t("record.carried.clear.of", { field: t(`record.${name}`) })}>
          {t("record.carried.clear")}
        </Step>
      )}
      {isChanged && begun !== "" && (
        <Step onStep={() => write(begun)} label={t("record.restore.of", { field: t(`record.${name}`) })}>
          {t("record.restore")}
        </Step>
      )}
    </div>
  );
}

interface StepProps {
  label: string;
  onStep: () => void;
  children: string;
}

/** Beside the label, so that the form does not grow by it. */
function Step({ label, onStep, children }: StepProps) {
  return (
    <Button
      look="plain"
      aria-label={label}
      onClick={onStep}
      className="absolute -top-0.5 right-3 min-h-9 text-sm"
    >
      {children}
    </Button>
  );
}
