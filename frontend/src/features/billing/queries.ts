/** What the billing screens read; apart from the components so that route loaders stay small. */
import { keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import {
  type CustomersQuery,
  type InvoicesFilter,
  type InvoicesQuery,
  invoiceHtml,
  listCustomers,
  listDrafts,
  listInvoices,
  listPacks,
  prefillInvoice,
  readCustomer,
  readDraft,
  readInvoice,
  readInvoiceSettings,
  readNumberGaps,
  readTotals,
} from "@/api/billing";
import type { Invoice, InvoiceSeries } from "@/api/types";
import type { Locale } from "@/i18n/language";

const COLLEAGUES_WORK_MS = 30_000;

export const invoicesQuery = (query: InvoicesQuery) =>
  queryOptions({
    queryKey: ["invoices", "list", query],
    queryFn: ({ signal }) => listInvoices(query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: COLLEAGUES_WORK_MS,
  });

export const totalsQuery = (filter: InvoicesFilter) =>
  queryOptions({
    queryKey: ["invoices", "totals", filter],
    queryFn: ({ signal }) => readTotals(filter, signal),
    placeholderData: keepPreviousData,
  });

export const invoiceQuery = (id: string) =>
  queryOptions({
    queryKey: ["invoices", id],
    queryFn: ({ signal }) => readInvoice(id, signal),
    refetchInterval: COLLEAGUES_WORK_MS,
  });

export const invoiceHtmlQuery = (id: string, version: number, locale: Locale) =>
  queryOptions({
    queryKey: ["invoice-html", id, version, locale],
    queryFn: ({ signal }) => invoiceHtml(id, locale, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Configuration: it changes when the clinic is started anew. */
export const invoiceSettingsQuery = queryOptions({
  queryKey: ["invoice-settings"],
  queryFn: ({ signal }) => readInvoiceSettings(signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const draftsQuery = (page: number) =>
  queryOptions({
    queryKey: ["invoices", "drafts", page],
    queryFn: ({ signal }) => listDrafts(page, signal),
    placeholderData: keepPreviousData,
  });

export const draftQuery = (id: string) =>
  queryOptions({ queryKey: ["invoice-draft", id], queryFn: ({ signal }) => readDraft(id, signal) });

export const prefillQuery = (whom: { patientId: string } | { customerId: string }) =>
  queryOptions({
    queryKey: ["invoice-prefill", whom],
    queryFn: ({ signal }) => prefillInvoice(whom, signal),
    staleTime: 60_000,
  });

export const gapsQuery = (series: InvoiceSeries, year: number) =>
  queryOptions({
    queryKey: ["invoices", "gaps", series, year],
    queryFn: ({ signal }) => readNumberGaps(series, year, signal),
    placeholderData: keepPreviousData,
  });

export const customersQuery = (query: CustomersQuery) =>
  queryOptions({
    queryKey: ["customers", "list", query],
    queryFn: ({ signal }) => listCustomers(query, signal),
    placeholderData: keepPreviousData,
  });

export const customerQuery = (id: string) =>
  queryOptions({ queryKey: ["customers", id], queryFn: ({ signal }) => readCustomer(id, signal) });

export const packsQuery = (patientId: string) =>
  queryOptions({
    queryKey: ["packs", patientId],
    queryFn: async ({ signal }) => (await listPacks(patientId, signal)).member,
  });

/** After an invoice was issued, paid, corrected: everything that counts invoices is asked for again. */
export function ledgerChanged(queryClient: QueryClient, invoice?: Invoice): void {
  if (invoice) queryClient.setQueryData(invoiceQuery(invoice.id).queryKey, invoice);
  queryClient.removeQueries({ queryKey: ["invoice-prefill"] });
  for (const part of ["invoices", "packs", "dashboard"]) {
    void queryClient.invalidateQueries({ queryKey: [part] });
  }
}
