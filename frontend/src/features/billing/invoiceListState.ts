/** What narrows the list of invoices: as its address writes it and as billing is asked. */
import type { InvoicesFilter, InvoicesQuery } from "@/api/billing";
import type { InvoiceSeries } from "@/api/types";
import type { PAYMENT_STATES } from "./PaymentBadge";

/** Ids and dates; only what is typed in the search box may be somebody's name, and is kept out of the address. */
export interface InvoiceFilters {
  status?: (typeof PAYMENT_STATES)[number] | "open";
  year?: number;
  from?: string;
  to?: string;
  customer?: string;
  series?: InvoiceSeries;
  order?: "number" | "amount";
}

export interface InvoiceListState extends InvoiceFilters {
  search: string;
  page: number;
}

/** The order narrows nothing. */
export const FILTERS_OFF: InvoiceFilters = {
  status: undefined,
  year: undefined,
  from: undefined,
  to: undefined,
  customer: undefined,
  series: undefined,
};

export const isNarrowed = ({ search, page, order, ...filters }: InvoiceListState): boolean =>
  search !== "" || Object.values(filters).some((value) => value !== undefined);

export function filterOf({
  search,
  status,
  year,
  from,
  to,
  customer,
  series,
}: InvoiceListState): InvoicesFilter {
  return {
    ...(search && { search }),
    ...(status && { paymentStatus: status }),
    ...(year && { year }),
    ...(from && { from }),
    ...(to && { to }),
    ...(customer && { customerId: customer }),
    ...(series && { series }),
  };
}

export const queryOf = (state: InvoiceListState): InvoicesQuery => ({
  ...filterOf(state),
  order: state.order ?? "date",
  page: state.page,
});

/** The search part of the address; without what is not narrowed. */
export function addressOf({
  search,
  page,
  ...filters
}: InvoiceListState): InvoiceFilters & { page?: number } {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined && value !== "");
  return { ...Object.fromEntries(given), ...(page > 1 && { page }) };
}

let left: InvoiceListState | null = null;

/** So that the way back from an invoice leads to the list as it was; in memory, for it holds what was searched. */
export const leaveInvoices = (state: InvoiceListState): void => {
  left = state;
};
export const leftInvoices = (): InvoiceListState | null => left;
