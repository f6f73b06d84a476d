/** One customer: who it is, what was invoiced and what is still to be paid. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, FilePlus2, Merge, Pencil, Trash2 } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { failureOf } from "@/api/problemText";
import type { Customer } from "@/api/types";
import { formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { onDemand } from "@/ui/onDemand";
import { ABOVE, Page } from "@/ui/Page";
import { Badge, Card, Skeleton } from "@/ui/surface";
import { ShortInvoices } from "./PatientInvoices";
import { customerQuery, totalsQuery } from "./queries";

const MergeDialog = onDemand(async () => (await import("./MergeDialog")).MergeDialog);
const DeleteCustomerDialog = onDemand(
  async () => (await import("./DeleteCustomerDialog")).DeleteCustomerDialog,
);

interface CustomerPageProps {
  customerId: string;
  /** Another customer is now to be looked at: the one that stayed after a merge. */
  onOpen: (customerId: string) => void;
  onDeleted: () => void;
}

export function CustomerPage({ customerId, onOpen, onDeleted }: CustomerPageProps) {
  const { t } = useLanguage();
  const found = useQuery(customerQuery(customerId));
  const [asking, setAsking] = useState<"merge" | "delete" | null>(null);
  const customer = found.data;
  if (!customer) {
    return (
      <Page heading={t("customer.heading")} above={<BackToCustomers />}>
        {found.isError ? (
          <FailureNotice urgent failure={failureOf(found.error)} onRetry={found.refetch} />
        ) : (
          <Skeleton className="h-96" />
        )}
      </Page>
    );
  }
  const close = () => setAsking(null);
  return (
    <Page
      heading={customer.fullName}
      title={t("customer.heading")}
      above={<BackToCustomers />}
      beside={<Badge>{t(`customer.kind.${customer.kind}`)}</Badge>}
      actions={
        <>
          <Link
            to="/invoices/new"
            search={{ customer: customer.id }}
            className={buttonLook("primary", "max-md:flex-1")}
          >
            <FilePlus2 aria-hidden className="size-5" />
            {t("invoices.new")}
          </Link>
          <Link
            to="/customers/$customerId/edit"
            params={{ customerId: customer.id }}
            className={buttonLook("quiet", "max-md:flex-1")}
          >
            <Pencil aria-hidden className="size-4" />
            {t("action.edit")}
          </Link>
        </>
      }
    >
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-5">
          <Figures customer={customer} />
          <ShortInvoices
            of={{ customerId: customer.id }}
            action={
              <Link to="/invoices" search={{ customer: customer.id }} className={buttonLook("link")}>
                {t("customer.invoices.all")}
              </Link>
            }
          />
        </div>
        <div className="grid min-w-0 gap-5">
          <Details customer={customer} />
          <Card heading={t("customer.tidy")}>
            <div className="grid gap-3">
              <Button onClick={() => setAsking("merge")}>
                <Merge aria-hidden className="size-5" />
                {t("merge.open")}
              </Button>
              <Button look="danger" onClick={() => setAsking("delete")}>
                <Trash2 aria-hidden className="size-5" />
                {t("customer.delete")}
              </Button>
            </div>
          </Card>
        </div>
      </div>
      <Suspense>
        {asking === "merge" && (
          <MergeDialog
            customer={customer}
            onClose={close}
            onMerged={(stays) => {
              close();
              onOpen(stays.id);
            }}
          />
        )}
        {asking === "delete" && (
          <DeleteCustomerDialog
            customer={customer}
            onClose={close}
            onMerge={() => {
              close();
              // The press that closes one dialog must not count as one beside the next.
              setTimeout(() => setAsking("merge"));
            }}
            onDeleted={onDeleted}
          />
        )}
      </Suspense>
    </Page>
  );
}

function BackToCustomers() {
  const { t } = useLanguage();
  return (
    <Link to="/customers" className={buttonLook("plain", ABOVE)}>
      <ChevronLeft aria-hidden className="size-4" />
      {t("customers.heading")}
    </Link>
  );
}

function Details({ customer }: { customer: Customer }) {
  const { t } = useLanguage();
  return (
    <Card heading={t("customer.details")}>
      <dl className="grid gap-3">
        <Detail label={t("invoice.taxId")}>
          {customer.taxId} {customer.taxIdWarning && <Badge tone="warn">{t("patient.taxIdWarning")}</Badge>}
        </Detail>
        <Detail label={t("customer.billingAddress")}>{customer.billingAddress}</Detail>
        <Detail label={t("patient.phone")}>
          {customer.phone && (
            <a href={`tel:${customer.phone}`} className="text-accent-text">
              {customer.phone}
            </a>
          )}
        </Detail>
        <Detail label={t("patient.email")}>
          {customer.email && (
            <a href={`mailto:${customer.email}`} className="text-accent-text">
              {customer.email}
            </a>
          )}
        </Detail>
      </dl>
    </Card>
  );
}

function Detail({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-soft">{label}</dt>
      <dd className="whitespace-pre-line wrap-anywhere">{children || "–"}</dd>
    </div>
  );
}

function Figures({ customer }: { customer: Customer }) {
  const { t } = useLanguage();
  const totals = useQuery(totalsQuery({ customerId: customer.id })).data;
  const money = (amount: string) => (totals ? formatMoney(amount, totals.currency) : "");
  return (
    <Card heading={t("customer.account")}>
      <dl className="grid gap-4 sm:grid-cols-3">
        <Detail label={t("invoices.heading")}>
          <Figure>{totals?.count}</Figure>
        </Detail>
        <Detail label={t("invoices.totals.amount")}>
          <Figure>{totals && money(totals.amount)}</Figure>
        </Detail>
        <Detail label={t("invoices.totals.unpaid")}>
          <Figure>{totals && money(totals.unpaid)}</Figure>
        </Detail>
      </dl>
    </Card>
  );
}

function Figure({ children }: { children: ReactNode }) {
  return <span className="text-lg font-semibold tabular-nums">{children ?? "–"}</span>;
}
