/** What was paid on an invoice and what is left; payments and refunds are recorded here. */
import { Banknote, Undo2 } from "lucide-react";
import { Suspense, useState } from "react";
import type { Invoice, Payment } from "@/api/types";
import { formatDate, formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { onDemand } from "@/ui/onDemand";
import { Card } from "@/ui/surface";
import { centsOf } from "./cents";

const PaymentDialog = onDemand(async () => (await import("./PaymentDialog")).PaymentDialog);

export function PaymentsCard({ invoice }: { invoice: Invoice }) {
  const { t } = useLanguage();
  const [recording, setRecording] = useState<Payment["kind"] | null>(null);
  const money = (amount: string) => formatMoney(amount, invoice.currency);
  const outstanding = centsOf(invoice.outstanding);
  const isReplaced = invoice.paymentStatus === "rectified";
  return (
    <Card heading={t("payments.heading")}>
      {!isReplaced && (
        <dl className="mb-4 grid grid-cols-[1fr_auto] gap-y-1 tabular-nums">
          <dt className="text-soft">{t("payments.due")}</dt>
          <dd className="text-right">{money(invoice.due)}</dd>
          <dt className="text-soft">{t("payments.paid")}</dt>
          <dd className="text-right">{money(invoice.paid)}</dd>
          <dt className="border-t border-line pt-2 font-semibold">
            {t(outstanding < 0 ? "payments.toRefund" : "payments.outstanding")}
          </dt>
          <dd className="border-t border-line pt-2 text-right text-lg font-semibold">
            {money(invoice.outstanding.replace("-", ""))}
          </dd>
        </dl>
      )}
      {invoice.payments.length > 0 && (
        <ul aria-label={t("payments.heading")} className="mb-4 divide-y divide-line">
          {invoice.payments.map((payment) => (
            <PaymentItem key={payment.id} payment={payment} currency={invoice.currency} />
          ))}
        </ul>
      )}
      {invoice.payments.length === 0 && isReplaced && <p className="text-soft">{t("payments.none")}</p>}
      {!isReplaced && (
        <div className="flex flex-wrap gap-3">
          {outstanding > 0 && (
            <Button look="primary" onClick={() => setRecording("payment")} className="flex-1">
              <Banknote aria-hidden className="size-5" />
              {t("payment.add")}
            </Button>
          )}
          {centsOf(invoice.paid) > 0 && (
            <Button
              look={outstanding < 0 ? "primary" : "quiet"}
              onClick={() => setRecording("refund")}
              className="flex-1"
            >
              <Undo2 aria-hidden className="size-5" />
              {t("payment.refund")}
            </Button>
          )}
        </div>
      )}
      <Suspense>
        {recording && <PaymentDialog invoice={invoice} kind={recording} onClose={() => setRecording(null)} />}
      </Suspense>
    </Card>
  );
}

function PaymentItem({ payment, currency }: { payment: Payment; currency: string }) {
  const { t } = useLanguage();
  const isRefund = payment.kind === "refund";
  const Icon = isRefund ? Undo2 : Banknote;
  return (
    <li className="flex items-center gap-3 py-2">
      <Icon aria-hidden className="size-5 shrink-0 text-soft" />
      <span className="min-w-0 flex-1">
        {t(isRefund ? "payment.refunded" : `payment.method.${payment.method}`)}
        <span className="block text-sm text-soft">
          {formatDate(payment.date)}
          {isRefund && ` · ${t(`payment.method.${payment.method}`)}`}
        </span>
      </span>
      <span className="font-medium tabular-nums">
        {formatMoney(isRefund ? `-${payment.amount}` : payment.amount, currency)}
      </span>
    </li>
  );
}
