/** What the filtered invoices come to: how many, how much, and what is still to be paid. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { InvoicesFilter } from "@/api/billing";
import { formatMoney, formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { totalsQuery } from "./queries";

interface InvoiceTotalsStripProps {
  filter: InvoicesFilter;
  onUnpaid: () => void;
}

export function InvoiceTotalsStrip({ filter, onUnpaid }: InvoiceTotalsStripProps) {
  const { t } = useLanguage();
  const totals = useQuery(totalsQuery(filter));
  const { count, amount, unpaid, currency } = totals.data ?? {};
  const money = (sum?: string) => (sum && currency ? formatMoney(sum, currency) : "–");
  return (
    <dl
      aria-label={t("invoices.totals")}
      className={classes(
        "card mb-4 grid grid-cols-2 gap-x-4 gap-y-2 px-5 py-3 transition-opacity sm:grid-cols-3",
        totals.isPlaceholderData && "opacity-60",
      )}
    >
      <Figure label={t("invoices.totals.count")} className="max-sm:hidden">
        {count === undefined ? "–" : formatNumber(count)}
      </Figure>
      <Figure label={t("invoices.totals.amount")}>{money(amount)}</Figure>
      <Figure label={t("invoices.totals.unpaid")}>
        {filter.paymentStatus === "open" || !unpaid ? (
          money(unpaid)
        ) : (
          <button
            type="button"
            onClick={onUnpaid}
            className="-my-2 min-h-11 underline decoration-soft/50 underline-offset-4 hover:decoration-current"
          >
            {money(unpaid)}
          </button>
        )}
      </Figure>
    </dl>
  );
}

function Figure({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <div className={className}>
      <dt className="text-sm text-soft">{label}</dt>
      <dd className="text-lg font-semibold tabular-nums">{children}</dd>
    </div>
  );
}
