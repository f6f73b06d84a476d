/** One issued invoice: how far it is paid, what it says, the document itself, and what corrects it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Download, FilePen, FileX2 } from "lucide-react";
import { isAdmin, useMe } from "@/api/me";
import { failureOf } from "@/api/problemText";
import type { Invoice } from "@/api/types";
import { LOCALES, useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/surface";
import { BackToInvoices } from "./BackToInvoices";
import { AddresseeCard, LinesCard, RelatedCard } from "./InvoiceCards";
import { InvoicePaper } from "./InvoicePaper";
import { PaymentBadge } from "./PaymentBadge";
import { PaymentsCard } from "./PaymentsCard";
import { invoiceQuery, invoiceSettingsQuery } from "./queries";
import { useInvoicePdf } from "./useInvoicePdf";

export function InvoicePage({ invoiceId }: { invoiceId: string }) {
  const { t } = useLanguage();
  const found = useQuery(invoiceQuery(invoiceId));
  const invoice = found.data;
  if (!invoice) {
    return (
      <Page heading={t("invoice.heading")} above={<BackToInvoices />}>
        {found.isError ? (
          <FailureNotice urgent failure={failureOf(found.error)} onRetry={found.refetch} />
        ) : (
          <div className="grid gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
            <Skeleton className="h-96" />
            <Skeleton className="h-96" />
          </div>
        )}
      </Page>
    );
  }
  return (
    <Page
      heading={t(`invoice.numbered.${invoice.kind}`, { number: invoice.displayNumber })}
      above={<BackToInvoices />}
      beside={<PaymentBadge invoice={invoice} />}
      actions={<Actions invoice={invoice} />}
    >
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-5 max-lg:order-last">
          <LinesCard invoice={invoice} />
          <InvoicePaper invoice={invoice} />
        </div>
        <div className="grid min-w-0 gap-5">
          {invoice.kind !== "difference" && <PaymentsCard invoice={invoice} />}
          <AddresseeCard invoice={invoice} />
          <RelatedCard invoice={invoice} />
        </div>
      </div>
    </Page>
  );
}

function Actions({ invoice }: { invoice: Invoice }) {
  const { locale, t } = useLanguage();
  const me = useMe();
  const pdf = useInvoicePdf();
  const settings = useQuery(invoiceSettingsQuery).data;
  // The language being read comes first.
  const languages = LOCALES.toSorted((one) => (one === locale ? -1 : 1));
  const isOpen = invoice.status === "issued" && invoice.kind !== "difference";
  return (
    <>
      {isOpen && isAdmin(me) && settings?.editEnabled && (
        <Link
          to="/invoices/$invoiceId/edit"
          params={{ invoiceId: invoice.id }}
          className={buttonLook("quiet", "max-md:flex-1")}
        >
          <FilePen aria-hidden className="size-5" />
          {t("action.edit")}
        </Link>
      )}
      {isOpen && (
        <Link
          to="/invoices/$invoiceId/rectify"
          params={{ invoiceId: invoice.id }}
          className={buttonLook("quiet", "max-md:flex-1")}
        >
          <FileX2 aria-hidden className="size-5" />
          {t("rectify.open")}
        </Link>
      )}
      {languages.map((language, place) => (
        <Button
          key={language}
          look={place === 0 ? "primary" : "quiet"}
          busy={pdf.isPending && pdf.variables.locale === language}
          onClick={() => pdf.mutate({ invoice, locale: language })}
          className="max-md:flex-1"
        >
          <Download aria-hidden className="size-5" />
          {t(`invoice.downloadPdf.${language}`)}
        </Button>
      ))}
    </>
  );
}
