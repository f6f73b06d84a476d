/** A patient's invoices, for the patient's page. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { failureOf } from "@/api/problemText";
import { formatDate, formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { buttonLook } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Card, Skeleton } from "@/ui/surface";
import { invoicesQuery } from "./queries";

interface PatientInvoicesProps {
  patientId: string;
  mayAdd: boolean;
}

export function PatientInvoices({ patientId, mayAdd }: PatientInvoicesProps) {
  const { t } = useLanguage();
  const invoices = useQuery(invoicesQuery({ patientId, order: "date", itemsPerPage: 10 }));
  return (
    <Card
      heading={t("invoices.heading")}
      action={
        mayAdd && (
          <Link to="/invoices/new" search={{ patient: patientId }} className={buttonLook("link")}>
            {t("patient.invoices.add")}
          </Link>
        )
      }
    >
      {invoices.isPending && <Skeleton className="h-20" />}
      {invoices.isError && <FailureNotice failure={failureOf(invoices.error)} onRetry={invoices.refetch} />}
      {invoices.data?.member.length === 0 && <p className="text-soft">{t("patient.invoices.empty")}</p>}
      <ul>
        {invoices.data?.member.map((invoice) => (
          <li
            key={invoice.id}
            className="relative -mx-2 flex min-h-12 items-center gap-4 rounded-field px-2 hover:bg-sunken"
          >
            <Link
              to="/invoices/$invoiceId"
              params={{ invoiceId: invoice.id }}
              className="font-medium tabular-nums after:absolute after:inset-0"
            >
              {invoice.displayNumber}
            </Link>
            <span className="flex-1 text-soft">{formatDate(invoice.date)}</span>
            <span className="font-medium tabular-nums">{formatMoney(invoice.amount, invoice.currency)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
