/** Attended visits nobody has paid yet, each to be ticked into the invoice or out of it. */
import type { UseFieldArrayReturn, UseFormReturn } from "react-hook-form";
import { clinic } from "@/api/clinic";
import type { PrefillLine } from "@/api/types";
import { formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { emptyLine, type InvoiceForm, isBlank, toLine } from "./invoiceForm";

interface SuggestedVisitsProps {
  form: UseFormReturn<InvoiceForm>;
  lines: UseFieldArrayReturn<InvoiceForm, "lines">;
  visits: PrefillLine[];
}

export function SuggestedVisits({ form, lines, visits }: SuggestedVisitsProps) {
  const { t } = useLanguage();
  if (visits.length === 0) return null;

  const put = (next: InvoiceForm["lines"]) => lines.replace(next.length > 0 ? next : [emptyLine()]);
  const tick = (visit: PrefillLine, isIn: boolean) => {
    const others = form.getValues("lines").filter((line) => line.appointmentId !== visit.appointmentId);
    put(isIn ? [...others.filter((line) => !isBlank(line)), toLine(visit)] : others);
  };

  return (
    <fieldset className="mb-5 rounded-field bg-sunken px-4 py-2">
      <legend className="float-left pt-1 text-sm font-medium">
        {t("invoice.visits", { count: visits.length })}
      </legend>
      <ul className="clear-both">
        {visits.map((visit) => (
          <li key={visit.appointmentId}>
            <label className="flex min-h-11 items-center gap-3">
              <input
                type="checkbox"
                className="size-5 accent-accent-text"
                checked={lines.fields.some(({ appointmentId }) => appointmentId === visit.appointmentId)}
                onChange={(event) => tick(visit, event.target.checked)}
              />
              <span className="min-w-0 flex-1 wrap-anywhere">
                {visit.concept}
                {visit.description && <span className="text-soft"> · {visit.description}</span>}
              </span>
              {visit.unitPrice && (
                <span className="text-soft tabular-nums">
                  {formatMoney(visit.unitPrice, clinic.currency)}
                </span>
              )}
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
