/** To whom an invoice is written, as it will be frozen in it. */
import { type UseFormReturn, useWatch } from "react-hook-form";
import { errorText } from "@/i18n/errorText";
import { useLanguage } from "@/i18n/language";
import { TextArea, TextField } from "@/ui/Field";
import { hasWrongCheck } from "@/ui/taxId";
import type { InvoiceForm } from "./invoiceForm";

export function AddresseeFields({ form }: { form: UseFormReturn<InvoiceForm> }) {
  const { t } = useLanguage();
  const errors = form.formState.errors;
  const taxId = useWatch({ control: form.control, name: "taxId" });
  return (
    <>
      <TextField
        {...form.register("fullName")}
        label={t("invoice.fullName")}
        error={errorText(errors.fullName, t)}
        required
        autoComplete="off"
      />
      <TextField
        {...form.register("taxId")}
        label={t("invoice.taxId")}
        error={errorText(errors.taxId, t)}
        warning={hasWrongCheck(taxId) ? t("customer.taxId.warning") : undefined}
        autoComplete="off"
        spellCheck={false}
      />
      <TextArea
        {...form.register("address")}
        label={t("patient.address")}
        error={errorText(errors.address, t)}
        required
        rows={1}
        autoComplete="off"
        className="md:col-span-2"
      />
      <TextField
        {...form.register("phone")}
        label={t("patient.phone")}
        error={errorText(errors.phone, t)}
        type="tel"
        autoComplete="off"
      />
      <TextField
        {...form.register("email")}
        label={t("patient.email")}
        error={errorText(errors.email, t)}
        type="email"
        autoComplete="off"
      />
    </>
  );
}
