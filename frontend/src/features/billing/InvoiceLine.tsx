/** One line of an invoice being written: what, how much of it, at what price. */
import { type UseFormReturn, useWatch } from "react-hook-form";
import { errorText } from "@/i18n/errorText";
import { useLanguage } from "@/i18n/language";
import { TextArea, TextField } from "@/ui/Field";
import { lineCents } from "./cents";
import type { InvoiceForm } from "./invoiceForm";
import { money } from "./TotalBar";

interface InvoiceLineProps {
  form: UseFormReturn<InvoiceForm>;
  index: number;
}

export function InvoiceLine({ form, index }: InvoiceLineProps) {
  const { t } = useLanguage();
  const errors = form.formState.errors.lines?.[index];
  const line = useWatch({ control: form.control, name: `lines.${index}` });
  const cents = line && lineCents(line.quantity, line.unitPrice);
  const isPack = typeof line?.packSessions === "string";
  const followSize = (size: string) => {
    if (line?.concept === t("pack.concept", { count: line?.packSessions ?? "" })) {
      form.setValue(`lines.${index}.concept`, t("pack.concept", { count: size }));
    }
  };
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-3 md:grid-cols-[minmax(0,1fr)_6rem_8rem_8rem]">
      <TextField
        {...form.register(`lines.${index}.concept`)}
        label={t("invoice.concept")}
        error={errorText(errors?.concept, t)}
        required
        autoComplete="off"
        className="max-md:col-span-2"
      />
      {isPack ? (
        <TextField
          {...form.register(`lines.${index}.packSessions`, {
            onChange: (event) => followSize(event.target.value),
          })}
          label={t("pack.sessions")}
          error={errorText(errors?.packSessions, t)}
          inputMode="numeric"
          required
          autoComplete="off"
        />
      ) : (
        <TextField
          {...form.register(`lines.${index}.quantity`)}
          label={t("invoice.quantity")}
          error={errorText(errors?.quantity, t)}
          inputMode="decimal"
          required
          autoComplete="off"
        />
      )}
      <TextField
        {...form.register(`lines.${index}.unitPrice`)}
        label={t("invoice.price")}
        error={errorText(errors?.unitPrice, t)}
        inputMode="decimal"
        required
        autoComplete="off"
      />
      <p className="self-end pb-2.5 text-right font-medium tabular-nums max-md:col-span-2">
        <span className="sr-only">{t("invoice.amount")}: </span>
        {cents === null || cents === undefined ? "–" : money(cents)}
      </p>
      <TextArea
        {...form.register(`lines.${index}.description`)}
        label={t("invoice.description")}
        error={errorText(errors?.description, t) ?? errorText(errors?.appointmentId, t)}
        rows={1}
        autoComplete="off"
        className="col-span-full"
      />
    </div>
  );
}
