/** When an invoice is dated and when it is to be paid. */
import { useQuery } from "@tanstack/react-query";
import { type UseFormReturn, useWatch } from "react-hook-form";
import { addDays } from "@/i18n/clinicTime";
import { errorText } from "@/i18n/errorText";
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import type { InvoiceForm } from "./invoiceForm";
import { invoiceSettingsQuery } from "./queries";

interface InvoiceDatesProps {
  form: UseFormReturn<InvoiceForm>;
  /** The last date of the series, when the one written is before it. */
  earliestDate?: string | null;
  /** What corrects by a difference is not paid itself. */
  hasDueDate?: boolean;
}

export function InvoiceDates({ form, earliestDate = null, hasDueDate = true }: InvoiceDatesProps) {
  const { t } = useLanguage();
  const settings = useQuery(invoiceSettingsQuery).data;
  const date = useWatch({ control: form.control, name: "date" });
  const errors = form.formState.errors;
  return (
    <>
      <div>
        <TextField
          {...form.register("date")}
          label={t("invoice.date")}
          error={errorText(errors.date, t)}
          type="date"
          required
        />
        {earliestDate && errors.date && (
          <Button
            look="link"
            className="ms-0"
            onClick={() => form.setValue("date", earliestDate, { shouldDirty: true, shouldValidate: true })}
          >
            {t("invoice.date.use", { date: formatDate(earliestDate) })}
          </Button>
        )}
      </div>
      {hasDueDate && (
        <TextField
          {...form.register("dueDate")}
          label={t("invoice.dueDate")}
          error={errorText(errors.dueDate, t)}
          hint={
            settings && date
              ? t("invoice.dueDate.hint", { date: formatDate(addDays(date, settings.dueDays)) })
              : undefined
          }
          type="date"
          min={date || undefined}
        />
      )}
    </>
  );
}
