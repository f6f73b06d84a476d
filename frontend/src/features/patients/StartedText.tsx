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
  const isMain = name === "physiotherapyTreatment";
  const write = (text: string) => {
    form.setValue(name, text, { shouldDirty: true });
    form.setFocus(name);
  };
  return (
    <div className={classes("-mx-3 rounded-field px-3 py-1", isCarried && "bg-accent-soft")}>
      <TextArea
        {...form.register(name)}
        label={t(`record.${name}`)}
        error={errorText(form.formState.errors[name], t)}
        hint={isCarried ? t("record.carried.mark", { number: start.base?.number ?? 0 }) : undefined}
        warning={start.base && !isAsBegun ? t("record.changed") : undefined}
        required={isMain}
        rows={isMain ? 5 : 2}
      />
      {isCarried && (
        <Button look="plain" onClick={() => write("")}>
          {t("record.carried.clear", { field: t(`record.${name}`) })}
        </Button>
      )}
      {start.base && !isAsBegun && begun !== "" && (
        <Button look="plain" onClick={() => write(begun)}>
          {t("record.restore")}
        </Button>
      )}
    </div>
  );
}
