/** Issued invoices: search as you type, filters that stay in the address, what they come to, and a file of them. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileDown, FilePlus2, FileText, SearchX } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";
import { failureOf } from "@/api/problemText";
import { formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { FailureNotice } from "@/ui/FailureNotice";
import { BeyondTheEnd, Pages, SearchBox } from "@/ui/ListControls";
import { onDemand } from "@/ui/onDemand";
import { Page } from "@/ui/Page";
import { EmptyState, SkeletonRows } from "@/ui/surface";
import { useRowKeys } from "@/ui/useRowKeys";
import { useSearchText } from "@/ui/useSearchText";
import { useSlashFocus } from "@/ui/useSlashFocus";
import { BillingTabs } from "./BillingTabs";
import { InvoiceFilterFields } from "./InvoiceFilterFields";
import { InvoiceRows } from "./InvoiceRows";
import { InvoiceTotalsStrip } from "./InvoiceTotalsStrip";
import {
  FILTERS_OFF,
  filterOf,
  type InvoiceListState,
  isNarrowed,
  leaveInvoices,
  queryOf,
} from "./invoiceListState";
import { invoicesQuery } from "./queries";

const ExportDialog = onDemand(async () => (await import("./ExportDialog")).ExportDialog);

interface InvoiceListProps {
  state: InvoiceListState;
  onChange: (change: Partial<InvoiceListState>) => void;
}

export function InvoiceList({ state, onChange }: InvoiceListProps) {
  const { t } = useLanguage();
  const { typed, type, isPassedOn } = useSearchText(state.search, (search) => onChange({ search, page: 1 }));
  const searchBox = useRef<HTMLInputElement>(null);
  const invoices = useQuery(invoicesQuery(queryOf(state)));
  const [isExporting, setIsExporting] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const moveFocus = useRowKeys(searchBox, list);
  useSlashFocus(searchBox);
  useEffect(() => leaveInvoices(state), [state]);

  const found = invoices.data?.member ?? [];
  const isAnswered = isPassedOn && !invoices.isPlaceholderData;
  const change = (part: Partial<InvoiceListState>) => onChange({ ...part, page: 1 });
  const clear = () => change({ ...FILTERS_OFF, search: "" });

  return (
    <Page
      heading={t("invoices.heading")}
      actions={
        <>
          <Button onClick={() => setIsExporting(true)} className="max-md:flex-1">
            <FileDown aria-hidden className="size-5" />
            {t("export.open")}
          </Button>
          <Link to="/invoices/new" className={buttonLook("primary", "max-md:flex-1")}>
            <FilePlus2 aria-hidden className="size-5" />
            {t("invoices.new")}
          </Link>
        </>
      }
    >
      <BillingTabs />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the search box and the links inside */}
      <div onKeyDown={moveFocus}>
        <SearchBox
          ref={searchBox}
          label={t("invoices.search")}
          className="mb-3"
          value={typed}
          onChange={(event) => type(event.target.value)}
          aria-keyshortcuts="/"
        />
        <InvoiceFilterFields state={state} onChange={change} />
        <InvoiceTotalsStrip filter={filterOf(state)} onUnpaid={() => change({ status: "open" })} />
        {invoices.isError && !invoices.data && (
          <FailureNotice urgent failure={failureOf(invoices.error)} onRetry={invoices.refetch} />
        )}
        {invoices.isPending && (
          <div className="card">
            <SkeletonRows rows={8} />
          </div>
        )}
        {invoices.data && (
          <div
            ref={list}
            className={classes("card overflow-hidden transition-opacity", !isAnswered && "opacity-60")}
          >
            {found.length > 0 && <InvoiceRows invoices={found} isBusy={!isAnswered} />}
            {found.length === 0 && state.page > 1 && <BeyondTheEnd onFirst={() => change({})} />}
            {found.length === 0 && state.page === 1 && (
              <NoInvoices isNarrowed={isNarrowed(state)} onClear={clear} />
            )}
          </div>
        )}
      </div>
      {invoices.data && found.length > 0 && (
        <Pages
          page={state.page}
          hasNext={Boolean(invoices.data.view.next)}
          onPage={(page) => {
            onChange({ page });
            window.scrollTo({ top: 0 });
          }}
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
      <Suspense>
        {isExporting && (
          <ExportDialog
            query={{ ...filterOf(state), order: state.order ?? "date" }}
            onClose={() => setIsExporting(false)}
          />
        )}
      </Suspense>
    </Page>
  );
}

function NoInvoices({ isNarrowed, onClear }: { isNarrowed: boolean; onClear: () => void }) {
  const { t } = useLanguage();
  if (isNarrowed) {
    return (
      <EmptyState
        icon={<SearchX />}
        heading={t("invoices.nothingFound")}
        action={<Button onClick={onClear}>{t("list.clear")}</Button>}
      />
    );
  }
  return (
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
  );
}
