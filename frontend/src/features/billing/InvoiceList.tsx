/** Issued invoices: search, year, pages, and the PDF in one click. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Download, FilePlus2, FileText, SearchX } from "lucide-react";
import { useRef } from "react";
import type { InvoicesQuery } from "@/api/billing";
import { clinic } from "@/api/clinic";
import { failureOf } from "@/api/problemText";
import type { InvoiceSummary } from "@/api/types";
import { toWallTime } from "@/i18n/clinicTime";
import { formatDate, formatMoney, formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { FailureNotice } from "@/ui/FailureNotice";
import { Select } from "@/ui/Field";
import { BeyondTheEnd, Pages, SearchBox } from "@/ui/ListControls";
import { Page } from "@/ui/Page";
import { EmptyState, SkeletonRows } from "@/ui/surface";
import { useSearchText } from "@/ui/useSearchText";
import { useSlashFocus } from "@/ui/useSlashFocus";
import { invoicesQuery } from "./queries";
import { useInvoicePdf } from "./useInvoicePdf";

export interface InvoiceListState {
  search: string;
  /** null shows every year */
  year: number | null;
  page: number;
}

interface InvoiceListProps {
  state: InvoiceListState;
  onChange: (change: Partial<InvoiceListState>) => void;
}

const YEARS_OFFERED = 6;

const queryOf = ({ search, year, page }: InvoiceListState): InvoicesQuery => ({
  ...(search && { search }),
  ...(year && { year }),
  order: "number",
  page,
});

export function InvoiceList({ state, onChange }: InvoiceListProps) {
  const { t } = useLanguage();
  const { typed, type, isPassedOn } = useSearchText(state.search, (search) => onChange({ search, page: 1 }));
  const searchBox = useRef<HTMLInputElement>(null);
  const invoices = useQuery(invoicesQuery(queryOf(state)));
  useSlashFocus(searchBox);

  const thisYear = Number(toWallTime(new Date(), clinic.timezone).date.slice(0, 4));
  const years = Array.from({ length: YEARS_OFFERED }, (_, ago) => thisYear - ago);
  const isAnswered = isPassedOn && !invoices.isPlaceholderData;
  const clear = () => onChange({ search: "", year: null, page: 1 });

  return (
    <Page
      heading={t("invoices.heading")}
      actions={
        <Link to="/invoices/new" className={buttonLook("primary", "max-md:flex-1")}>
          <FilePlus2 aria-hidden className="size-5" />
          {t("invoices.new")}
        </Link>
      }
    >
      <div className="mb-4 flex flex-wrap gap-3">
        <SearchBox
          ref={searchBox}
          label={t("invoices.search")}
          className="basis-72"
          value={typed}
          onChange={(event) => type(event.target.value)}
          aria-keyshortcuts="/"
        />
        <Select
          label={t("invoices.year")}
          hideLabel
          className="basis-40 max-md:grow"
          value={state.year ?? ""}
          onChange={(event) => onChange({ year: Number(event.target.value) || null, page: 1 })}
        >
          <option value="">{t("invoices.year.all")}</option>
          {years.map((year) => (
            <option key={year} value={year}>
              {year}
            </option>
          ))}
        </Select>
      </div>
      {invoices.isError && !invoices.data && (
        <FailureNotice urgent failure={failureOf(invoices.error)} onRetry={invoices.refetch} />
      )}
      {invoices.isPending && (
        <div className="card">
          <SkeletonRows rows={8} />
        </div>
      )}
      {invoices.data && (
        <div className={classes("card overflow-hidden transition-opacity", !isAnswered && "opacity-60")}>
          {invoices.data.member.length > 0 ? (
            <>
              <RowHeadings />
              <ul aria-label={t("invoices.heading")} aria-busy={!isAnswered}>
                {invoices.data.member.map((invoice) => (
                  <InvoiceRow key={invoice.id} invoice={invoice} />
                ))}
              </ul>
            </>
          ) : state.page > 1 ? (
            <BeyondTheEnd onFirst={() => onChange({ page: 1 })} />
          ) : state.search || state.year ? (
            <EmptyState
              icon={<SearchX />}
              heading={t("invoices.nothingFound")}
              action={<Button onClick={clear}>{t("list.clear")}</Button>}
            />
          ) : (
            <EmptyState
              icon={<FileText />}
              heading={t("invoices.empty")}
              text={t("invoices.empty.text")}
              action={
                <Link to="/invoices/new" className={buttonLook("primary")}>
                  {t("invoices.empty.action")}
                </Link>
              }
            />
          )}
        </div>
      )}
      {invoices.data && invoices.data.member.length > 0 && (
        <Pages
          page={state.page}
          hasNext={Boolean(invoices.data.view.next)}
          onPage={(page) => onChange({ page })}
          texts={{
            navigation: t("list.pages"),
            previous: t("list.previous"),
            next: t("list.next"),
            summary: invoices.data.totalItemsExact
              ? t("invoices.count", { count: invoices.data.totalItems })
              : t("invoices.countOver", { count: formatNumber(invoices.data.totalItems) }),
          }}
        />
      )}
    </Page>
  );
}

const COLUMNS = "md:grid md:grid-cols-[9rem_8rem_minmax(0,1fr)_8rem_2.75rem] md:items-center md:gap-4";

function RowHeadings() {
  const { t } = useLanguage();
  return (
    <div
      aria-hidden
      className={classes("hidden border-b border-line px-5 py-2.5 text-sm text-soft", COLUMNS)}
    >
      <span>{t("invoice.number")}</span>
      <span>{t("invoice.date")}</span>
      <span>{t("invoice.customer")}</span>
      <span className="text-right">{t("invoice.amount")}</span>
    </div>
  );
}

function InvoiceRow({ invoice }: { invoice: InvoiceSummary }) {
  const { locale, t } = useLanguage();
  const pdf = useInvoicePdf();
  return (
    <li
      className={classes(
        "relative border-b border-line px-5 py-3 transition-colors last:border-0 focus-within:bg-accent-soft hover:bg-sunken/60",
        "max-md:pr-16",
        COLUMNS,
      )}
    >
      <Link
        to="/invoices/$invoiceId"
        params={{ invoiceId: invoice.id }}
        className="font-medium tabular-nums after:absolute after:inset-0"
      >
        {invoice.displayNumber}
      </Link>
      <span className="block text-soft max-md:float-right">{formatDate(invoice.date)}</span>
      <span className="block min-w-0 wrap-anywhere">
        {invoice.fullName}
        {invoice.taxId && <span className="text-sm text-soft"> · {invoice.taxId}</span>}
      </span>
      <span className="block font-semibold tabular-nums md:text-right">
        {formatMoney(invoice.amount, invoice.currency)}
      </span>
      <IconButton
        label={t("invoice.downloadPdfOf", { number: invoice.displayNumber })}
        className="relative z-10 max-md:absolute max-md:right-3 max-md:bottom-2"
        disabled={pdf.isPending}
        onClick={() => pdf.mutate({ invoice, locale })}
      >
        <Download aria-hidden className="size-5" />
      </IconButton>
    </li>
  );
}
