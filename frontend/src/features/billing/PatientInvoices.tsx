/** The newest invoices of a patient or a customer, for their pages. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { failureOf } from "@/api/problemText";
import { formatDate, formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { buttonLook } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Card, Skeleton } from "@/ui/surface";
import { PaymentBadge } from "./PaymentBadge";
import { invoicesQuery } from "./queries";

interface PatientInvoicesProps {
  patientId: string;
  mayAdd: boolean;
}

export function PatientInvoices({ patientId, mayAdd }: PatientInvoicesProps) {
  const { t } = useLanguage();
  return (
    <ShortInvoices
      of={{ patientId }}
      action={
        mayAdd && (
          <Link to="/invoices/new" search={{ patient: patientId }} className={buttonLook("link")}>
            {t("patient.invoices.add")}
          </Link>
        )
      }
    />
  );
}

interface ShortInvoicesProps {
  of: { patientId: string } | { customerId: string };
  action: ReactNode;
}

export function ShortInvoices({ of, action }: ShortInvoicesProps) {
  const { t } = useLanguage();
  const invoices = useQuery(invoicesQuery({ ...of, order: "date", itemsPerPage: 10 }));
  return (
    <Card heading={t("invoices.heading")} action={action}>
      {invoices.isPending && <Skeleton className="h-20" />}
      {invoices.isError && <FailureNotice failure={failureOf(invoices.error)} onRetry={invoices.refetch} />}
      {invoices.data?.member.length === 0 && <p className="text-soft">{t("patient.invoices.empty")}</p>}
      <ul>
        {invoices.data?.member.map((invoice) => (
          <li
            key={invoice.id}
            className="relative -mx-2 flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 rounded-field px-2 py-1.5 hover:bg-sunken"
          >
            <Link
              to="/invoices/$invoiceId"
              params={{ invoiceId: invoice.id }}
              className="font-medium tabular-nums after:absolute after:inset-0"
            >
              {invoice.displayNumber}
            </Link>
            <span className="flex-1 whitespace-nowrap text-soft">{formatDate(invoice.date)}</span>
            <PaymentBadge invoice={invoice} />
            <span className="ms-auto font-medium tabular-nums">
              {formatMoney(invoice.amount, invoice.currency)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
