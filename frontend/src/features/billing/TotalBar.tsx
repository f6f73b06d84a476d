/** The sum of the lines being written, beside the form's buttons. */
import type { ReactNode } from "react";
import { type UseFormReturn, useWatch } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { FormBar } from "@/ui/FormBar";
import { asDecimal, totalCents } from "./cents";
import type { InvoiceForm } from "./invoiceForm";

export const money = (cents: number) => formatMoney(asDecimal(cents), clinic.currency);

interface TotalBarProps {
  form: UseFormReturn<InvoiceForm>;
  children: ReactNode;
}

export function TotalBar({ form, children }: TotalBarProps) {
  const { t } = useLanguage();
  const lines = useWatch({ control: form.control, name: "lines" });
  return (
    <FormBar>
      <p className="me-auto max-md:w-full">
        <span className="text-soft">{t("invoice.total")} </span>
        <output className="text-xl font-semibold tabular-nums">{money(totalCents(lines))}</output>
      </p>
      {children}
    </FormBar>
  );
}
