/** What billing refused of an invoice: at its field, or above the form; a date that is too early says which would do. */
import { useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { showViolations } from "@/ui/violations";
import type { InvoiceForm } from "./invoiceForm";

export function useRefusals(form: UseFormReturn<InvoiceForm>) {
  const { t } = useLanguage();
  const [problem, setProblem] = useState<string | null>(null);
  const [earliestDate, setEarliestDate] = useState<string | null>(null);

  const clear = () => {
    setProblem(null);
    setEarliestDate(null);
  };

  const show = (error: unknown) => {
    const refusal = asProblem(error);
    const last = refusal.member<{ date: string }>("last");
    if (refusal.code === "date-before-last-invoice" && last) {
      const message = t("invoice.date.tooEarly", { date: formatDate(last.date) });
      form.setError("date", { type: "server", message }, { shouldFocus: true });
      return setEarliestDate(last.date);
    }
    const homeless = showViolations(form, refusal.violations);
    setProblem(refusal.violations.length === 0 ? problemText(refusal) : homeless.join(" ") || null);
  };

  return { problem, earliestDate, clear, show };
}

export type Refusals = ReturnType<typeof useRefusals>;
