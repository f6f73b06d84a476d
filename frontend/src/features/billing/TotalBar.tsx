/** The sum of the lines being written, beside the form's buttons. */
import type { ReactNode } from "react";
import { type UseFormReturn, useWatch } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { FormBar } from "@/ui/FormBar";
import { useIsWide } from "@/ui/useIsWide";
import { asDecimal, totalCents } from "./cents";
import type { InvoiceForm } from "./invoiceForm";

export const money = (cents: number) => formatMoney(asDecimal(cents), clinic.currency);

interface TotalBarProps {
  form: UseFormReturn<InvoiceForm>;
  /** Buttons that on a phone stand below the form, for want of room in the bar. */
  beside: ReactNode;
  children: ReactNode;
}

export function TotalBar({ form, beside, children }: TotalBarProps) {
  const { t } = useLanguage();
  const isWide = useIsWide();
  const lines = useWatch({ control: form.control, name: "lines" });
  return (
    <>
      {!isWide && <div className="mt-5 flex gap-3 *:flex-1">{beside}</div>}
      <FormBar>
        <p className="me-auto">
          <span className="text-soft max-md:block max-md:text-sm">{t("invoice.total")} </span>
          <output className="text-xl font-semibold tabular-nums">{money(totalCents(lines))}</output>
        </p>
        {isWide && beside}
        {children}
      </FormBar>
    </>
  );
}
