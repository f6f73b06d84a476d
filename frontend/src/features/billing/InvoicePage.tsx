/** One issued invoice as it was frozen, with its PDF in either language. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { failureOf } from "@/api/problemText";
import type { Invoice } from "@/api/types";
import { formatDate, formatMoney, formatNumber } from "@/i18n/format";
import { LOCALES, useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Page } from "@/ui/Page";
import { Card, Skeleton } from "@/ui/surface";
import { invoiceQuery } from "./queries";
import { useInvoicePdf } from "./useInvoicePdf";

export function InvoicePage({ invoiceId }: { invoiceId: string }) {
  const { locale, t } = useLanguage();
  const found = useQuery(invoiceQuery(invoiceId));
  const pdf = useInvoicePdf();
  const invoice = found.data;
  if (!invoice) {
    return (
      <Page heading={t("invoice.heading")}>
        {found.isError ? (
          <FailureNotice urgent failure={failureOf(found.error)} onRetry={found.refetch} />
        ) : (
          <Skeleton className="h-96" />
        )}
      </Page>
    );
  }
  // The language being read comes first.
  const languages = LOCALES.toSorted((one) => (one === locale ? -1 : 1));
  return (
    <Page
      heading={t("invoice.numbered", { number: invoice.displayNumber })}
      actions={languages.map((language, place) => (
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
    >
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
        <CustomerCard invoice={invoice} />
        <LinesCard invoice={invoice} />
      </div>
    </Page>
  );
}

function CustomerCard({ invoice }: { invoice: Invoice }) {
  const { t } = useLanguage();
  return (
    <Card heading={t("invoice.customer")}>
      <p className="font-medium wrap-anywhere">{invoice.fullName}</p>
      {[invoice.taxId, invoice.address, invoice.phone, invoice.email].filter(Boolean).map((line) => (
        <p key={line} className="whitespace-pre-line text-soft wrap-anywhere">
          {line}
        </p>
      ))}
      <p className="mt-4">
        <span className="text-soft">{t("invoice.date")}: </span>
        {formatDate(invoice.date)}
      </p>
      {invoice.patientId && (
        <Link
          to="/patients/$patientId"
          params={{ patientId: invoice.patientId }}
          className="mt-2 inline-flex min-h-11 items-center font-medium text-accent-text"
        >
          {t("appointment.openPatient")}
        </Link>
      )}
    </Card>
  );
}

function LinesCard({ invoice }: { invoice: Invoice }) {
  const { t } = useLanguage();
  const money = (amount: string) => formatMoney(amount, invoice.currency);
  return (
    <Card heading={t("invoice.lines")}>
      <ul className="divide-y divide-line">
        {invoice.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an issued invoice's lines never move
          <li key={index} className="flex flex-wrap justify-between gap-x-6 gap-y-1 py-3 first:pt-0">
            <div className="min-w-0 flex-1 basis-48">
              <p className="font-medium wrap-anywhere">{line.concept}</p>
              {line.description && <p className="text-sm text-soft wrap-anywhere">{line.description}</p>}
              <p className="text-sm text-soft tabular-nums">
                {formatNumber(Number(line.quantity))} × {money(line.unitPrice)}
              </p>
            </div>
            <p className="font-medium tabular-nums">{money(line.amount)}</p>
          </li>
        ))}
      </ul>
      <p className="flex items-baseline justify-between border-t border-line pt-4">
        <span className="text-soft">{t("invoice.total")}</span>
        <span className="text-xl font-semibold tabular-nums">{money(invoice.amount)}</span>
      </p>
    </Card>
  );
}
