/** The invoices of a list: a table on the desk, cards on a phone, each with its state and its PDF. */
import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import type { InvoiceSummary } from "@/api/types";
import { formatDate, formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { centsOf } from "./cents";
import { PaymentBadge } from "./PaymentBadge";
import { useInvoicePdf } from "./useInvoicePdf";

const COLUMNS =
  "md:grid md:grid-cols-[9rem_7.5rem_minmax(0,1fr)_9.5rem_8.5rem_2.75rem] md:items-center md:gap-4";

export function InvoiceRows({ invoices, isBusy }: { invoices: InvoiceSummary[]; isBusy: boolean }) {
  const { t } = useLanguage();
  return (
    <>
      <div
        aria-hidden
        className={classes("hidden border-b border-line px-5 py-2.5 text-sm text-soft", COLUMNS)}
      >
        <span>{t("invoice.number")}</span>
        <span>{t("invoice.date")}</span>
        <span>{t("invoice.customer")}</span>
        <span>{t("invoice.state")}</span>
        <span className="text-right">{t("invoice.amount")}</span>
      </div>
      <ul aria-label={t("invoices.heading")} aria-busy={isBusy}>
        {invoices.map((invoice) => (
          <InvoiceRow key={invoice.id} invoice={invoice} />
        ))}
      </ul>
    </>
  );
}

function InvoiceRow({ invoice }: { invoice: InvoiceSummary }) {
  const { locale, t } = useLanguage();
  const pdf = useInvoicePdf();
  const isRectified = invoice.status === "rectified";
  return (
    <li
      className={classes(
        "relative border-b border-line px-5 py-3 transition-colors last:border-0 focus-within:bg-accent-soft hover:bg-sunken/60",
        COLUMNS,
      )}
    >
      <div className="max-md:flex max-md:items-baseline max-md:justify-between max-md:gap-3 md:contents">
        <span>
          <Link
            data-row={invoice.id}
            to="/invoices/$invoiceId"
            params={{ invoiceId: invoice.id }}
            className={classes(
              "font-medium tabular-nums after:absolute after:inset-0",
              isRectified && "line-through decoration-soft",
            )}
          >
            {invoice.displayNumber}
          </Link>
          {invoice.kind !== "ordinary" && (
            <span className="block text-sm text-soft">{t(`invoice.kindShort.${invoice.kind}`)}</span>
          )}
        </span>
        <span className="whitespace-nowrap text-soft">{formatDate(invoice.date)}</span>
      </div>
      <span className="block min-w-0 wrap-anywhere">
        {invoice.fullName}
        {invoice.taxId && <span className="text-sm text-soft"> · {invoice.taxId}</span>}
      </span>
      <div className="max-md:mt-1 max-md:flex max-md:min-h-11 max-md:items-center max-md:gap-3 max-md:pr-12 md:contents">
        <span>
          <PaymentBadge invoice={invoice} />
        </span>
        <span className="block font-semibold tabular-nums text-right max-md:ms-auto">
          {formatMoney(invoice.amount, invoice.currency)}
          <Outstanding invoice={invoice} />
        </span>
      </div>
      <IconButton
        label={t("invoice.downloadPdfOf", { number: invoice.displayNumber })}
        className="relative z-10 max-md:absolute max-md:right-3 max-md:bottom-3"
        disabled={pdf.isPending}
        onClick={() => pdf.mutate({ invoice, locale })}
      >
        <Download aria-hidden className="size-5" />
      </IconButton>
    </li>
  );
}

/** What is left to be paid, where that is not the amount already shown. */
function Outstanding({ invoice }: { invoice: InvoiceSummary }) {
  const { t } = useLanguage();
  const cents = centsOf(invoice.outstanding);
  if (cents === 0 || invoice.outstanding === invoice.amount || invoice.paymentStatus === null) return null;
  const amount = formatMoney(invoice.outstanding.replace("-", ""), invoice.currency);
  return (
    <span className="block text-sm font-normal text-soft">
      {t(cents > 0 ? "invoice.left" : "invoice.back", { amount })}
    </span>
  );
}
