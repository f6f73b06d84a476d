/** What an issued invoice says, as it was frozen, and the invoices that are bound to it. */
import { Link } from "@tanstack/react-router";
import { Ticket } from "lucide-react";
import type { Invoice, Line } from "@/api/types";
import { formatDate, formatMoney, formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Badge, Card } from "@/ui/surface";

export function LinesCard({ invoice }: { invoice: Invoice }) {
  const { t } = useLanguage();
  return (
    <Card heading={t("invoice.lines")}>
      <ul className="divide-y divide-line">
        {invoice.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an issued invoice's lines never move
          <LineItem key={index} line={line} currency={invoice.currency} />
        ))}
      </ul>
      <p className="flex items-baseline justify-between border-t border-line pt-4">
        <span className="text-soft">{t("invoice.total")}</span>
        <span className="text-xl font-semibold tabular-nums">
          {formatMoney(invoice.amount, invoice.currency)}
        </span>
      </p>
    </Card>
  );
}

function LineItem({ line, currency }: { line: Line; currency: string }) {
  const { t } = useLanguage();
  return (
    <li className="flex flex-wrap justify-between gap-x-6 gap-y-1 py-3 first:pt-0">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-medium wrap-anywhere">{line.concept}</p>
        {line.description && (
          <p className="text-sm whitespace-pre-line text-soft wrap-anywhere">{line.description}</p>
        )}
        <p className="flex flex-wrap items-center gap-2 text-sm text-soft tabular-nums">
          {formatNumber(Number(line.quantity))} × {formatMoney(line.unitPrice, currency)}
          {line.packSessions && (
            <Badge tone="accent">
              <Ticket aria-hidden className="size-3.5" />
              {t("pack.line", { count: line.packSessions })}
            </Badge>
          )}
        </p>
      </div>
      <p className="font-medium tabular-nums">{formatMoney(line.amount, currency)}</p>
    </li>
  );
}

export function AddresseeCard({ invoice }: { invoice: Invoice }) {
  const { t } = useLanguage();
  const link = "inline-flex min-h-11 items-center font-medium text-accent-text";
  return (
    <Card heading={t("invoice.customer")}>
      <p className="font-medium wrap-anywhere">{invoice.fullName}</p>
      {[invoice.taxId, invoice.address, invoice.phone, invoice.email].filter(Boolean).map((line) => (
        <p key={line} className="whitespace-pre-line text-soft wrap-anywhere">
          {line}
        </p>
      ))}
      <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-4">
        <dt className="text-soft">{t("invoice.date")}</dt>
        <dd>{formatDate(invoice.date)}</dd>
        {invoice.dueDate && (
          <>
            <dt className="text-soft">{t("invoice.dueDate")}</dt>
            <dd>{formatDate(invoice.dueDate)}</dd>
          </>
        )}
      </dl>
      <p className="mt-2 flex flex-wrap gap-x-5">
        {invoice.patientId && (
          <Link to="/patients/$patientId" params={{ patientId: invoice.patientId }} className={link}>
            {t("appointment.openPatient")}
          </Link>
        )}
        {invoice.customerId && (
          <Link to="/customers/$customerId" params={{ customerId: invoice.customerId }} className={link}>
            {t("customer.open")}
          </Link>
        )}
      </p>
    </Card>
  );
}

/** What it corrects and what corrects it. */
export function RelatedCard({ invoice }: { invoice: Invoice }) {
  const { t } = useLanguage();
  if (invoice.related.length === 0 && !invoice.reason) return null;
  return (
    <Card heading={t("invoice.related")}>
      {invoice.reason && (
        <p className="mb-3">
          <span className="block text-sm text-soft">{t("rectify.reason")}</span>
          <span className="whitespace-pre-line wrap-anywhere">{invoice.reason}</span>
        </p>
      )}
      <ul>
        {invoice.related.map((other) => (
          <li
            key={other.id}
            className="relative -mx-2 flex min-h-12 flex-wrap items-center gap-x-4 rounded-field px-2 py-1.5 hover:bg-sunken"
          >
            <span className="min-w-0 flex-1">
              <Link
                to="/invoices/$invoiceId"
                params={{ invoiceId: other.id }}
                className="font-medium tabular-nums after:absolute after:inset-0"
              >
                {other.displayNumber}
              </Link>
              <span className="block text-sm text-soft">
                {t(`invoice.kind.${other.kind}`)} · {formatDate(other.date)}
              </span>
            </span>
            <span className="font-medium tabular-nums">{formatMoney(other.amount, invoice.currency)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
