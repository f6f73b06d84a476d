/** Who pays the clinic's invoices: search as you type, people and companies, in the order wanted. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Building2, SearchX, UserPlus, Users } from "lucide-react";
import { useRef } from "react";
import type { CustomersQuery } from "@/api/billing";
import { failureOf } from "@/api/problemText";
import type { Customer } from "@/api/types";
import { formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { FailureNotice } from "@/ui/FailureNotice";
import { Select } from "@/ui/Field";
import { BeyondTheEnd, Choice, Pages, SearchBox } from "@/ui/ListControls";
import { Page } from "@/ui/Page";
import { EmptyState, Initials, initialsOf, SkeletonRows } from "@/ui/surface";
import { useRowKeys } from "@/ui/useRowKeys";
import { useSearchText } from "@/ui/useSearchText";
import { useSlashFocus } from "@/ui/useSlashFocus";
import { BillingTabs } from "./BillingTabs";
import { customersQuery } from "./queries";

export interface CustomerListState {
  search: string;
  kind: "all" | Customer["kind"];
  order: "name" | "taxId" | "email";
  page: number;
}

interface CustomerListProps {
  state: CustomerListState;
  onChange: (change: Partial<CustomerListState>) => void;
}

const queryOf = ({ search, kind, order, page }: CustomerListState): CustomersQuery => ({
  ...(search && { search }),
  ...(kind !== "all" && { kind }),
  order,
  page,
});

export function CustomerList({ state, onChange }: CustomerListProps) {
  const { t } = useLanguage();
  const { typed, type, isPassedOn } = useSearchText(state.search, (search) => onChange({ search, page: 1 }));
  const searchBox = useRef<HTMLInputElement>(null);
  const customers = useQuery(customersQuery(queryOf(state)));
  const list = useRef<HTMLDivElement>(null);
  const moveFocus = useRowKeys(searchBox, list);
  useSlashFocus(searchBox);
  const found = customers.data?.member ?? [];
  const isAnswered = isPassedOn && !customers.isPlaceholderData;
  const change = (part: Partial<CustomerListState>) => onChange({ ...part, page: 1 });

  return (
    <Page
      heading={t("customers.heading")}
      actions={
        <Link to="/customers/new" className={buttonLook("primary", "max-md:flex-1")}>
          <UserPlus aria-hidden className="size-5" />
          {t("customers.new")}
        </Link>
      }
    >
      <BillingTabs />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the search box and the links inside */}
      <div onKeyDown={moveFocus}>
        <div className="mb-4 flex flex-wrap gap-3">
          <SearchBox
            ref={searchBox}
            label={t("customers.search")}
            className="basis-72"
            value={typed}
            onChange={(event) => type(event.target.value)}
            aria-keyshortcuts="/"
          />
          <Choice
            label={t("customer.kind")}
            value={state.kind}
            onChange={(kind) => change({ kind })}
            options={[
              { value: "all", label: t("customers.kind.all") },
              { value: "person", label: t("customers.kind.person") },
              { value: "company", label: t("customers.kind.company") },
            ]}
          />
          <Select
            label={t("list.order")}
            hideLabel
            className="basis-48 max-md:grow"
            value={state.order}
            onChange={(event) => change({ order: event.target.value as CustomerListState["order"] })}
          >
            <option value="name">{t("customers.order.name")}</option>
            <option value="taxId">{t("customers.order.taxId")}</option>
            <option value="email">{t("customers.order.email")}</option>
          </Select>
        </div>
        {customers.isError && !customers.data && (
          <FailureNotice urgent failure={failureOf(customers.error)} onRetry={customers.refetch} />
        )}
        {customers.isPending && (
          <div className="card">
            <SkeletonRows rows={8} />
          </div>
        )}
        {customers.data && (
          <div
            ref={list}
            className={classes("card overflow-hidden transition-opacity", !isAnswered && "opacity-60")}
          >
            {found.length > 0 && (
              <ul aria-label={t("customers.heading")} aria-busy={!isAnswered}>
                {found.map((customer) => (
                  <CustomerRow key={customer.id} customer={customer} />
                ))}
              </ul>
            )}
            {found.length === 0 && state.page > 1 && <BeyondTheEnd onFirst={() => change({})} />}
            {found.length === 0 && state.page === 1 && (
              <NoCustomers
                isNarrowed={state.search !== "" || state.kind !== "all"}
                onClear={() => change({ search: "", kind: "all" })}
              />
            )}
          </div>
        )}
      </div>
      {customers.data && found.length > 0 && (
        <Pages
          page={state.page}
          hasNext={Boolean(customers.data.view.next)}
          onPage={(page) => {
            onChange({ page });
            window.scrollTo({ top: 0 });
          }}
          texts={{
            navigation: t("list.pages"),
            previous: t("list.previous"),
            next: t("list.next"),
            summary: customers.data.totalItemsExact
              ? t("customers.count", { count: customers.data.totalItems })
              : t("customers.countOver", { count: formatNumber(customers.data.totalItems) }),
          }}
        />
      )}
    </Page>
  );
}

function CustomerRow({ customer }: { customer: Customer }) {
  const { t } = useLanguage();
  return (
    <li className="relative border-b border-line px-5 py-3 transition-colors last:border-0 focus-within:bg-accent-soft hover:bg-sunken/60 md:grid md:grid-cols-[minmax(0,2fr)_10rem_minmax(0,1.5fr)_minmax(0,1fr)] md:items-center md:gap-4">
      <div className="flex min-w-0 items-center gap-3">
        {customer.kind === "company" ? (
          <span className="inline-flex size-9 shrink-0 items-center justify-center rounded-full bg-sunken text-soft">
            <Building2 role="img" aria-label={t("customer.kind.company")} className="size-5" />
          </span>
        ) : (
          <Initials text={initialsOf(customer.fullName)} />
        )}
        <Link
          data-row={customer.id}
          to="/customers/$customerId"
          params={{ customerId: customer.id }}
          className="min-w-0 font-medium wrap-anywhere after:absolute after:inset-0"
        >
          {customer.fullName}
        </Link>
      </div>
      <div className="max-md:ml-12 max-md:flex max-md:flex-wrap max-md:gap-x-3 max-md:text-sm max-md:text-soft md:contents">
        {[customer.taxId, customer.email, customer.phone].map((text, column) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
          <span key={column} className={classes("wrap-anywhere", !text && "text-soft max-md:hidden")}>
            {text ?? "–"}
          </span>
        ))}
      </div>
    </li>
  );
}

function NoCustomers({ isNarrowed, onClear }: { isNarrowed: boolean; onClear: () => void }) {
  const { t } = useLanguage();
  if (isNarrowed) {
    return (
      <EmptyState
        icon={<SearchX />}
        heading={t("customers.nothingFound")}
        action={<Button onClick={onClear}>{t("list.clear")}</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={<Users />}
      heading={t("customers.empty")}
      text={t("customers.empty.text")}
      action={
        <Link to="/customers/new" className={buttonLook("primary")}>
          {t("customers.new")}
        </Link>
      }
    />
  );
}
