/** Billing's calls: customers, invoices from draft to payment, packs, and what is handed to the accountant. */
import type { Locale } from "@/i18n/language";
import { type Arrival, create, download, get, remove, replace } from "./http";
import type {
  Collection,
  Customer,
  CustomerInput,
  DraftInput,
  DraftSummary,
  Invoice,
  InvoiceDraft,
  InvoiceEdit,
  InvoiceInput,
  InvoicePrefill,
  InvoiceSeries,
  InvoiceSettings,
  InvoiceSummary,
  InvoiceTotals,
  NumberGaps,
  Pack,
  PaymentInput,
  PaymentStatus,
  RectificationInput,
} from "./types";

export interface InvoicesFilter {
  search?: string;
  year?: number;
  /** YYYY-MM-DD, both inclusive */
  from?: string;
  to?: string;
  customerId?: string;
  patientId?: string;
  series?: InvoiceSeries;
  /** `open`: all with something outstanding */
  paymentStatus?: PaymentStatus | "open";
}

export interface InvoicesQuery extends InvoicesFilter {
  order?: "date" | "number" | "amount";
  page?: number;
  itemsPerPage?: number;
}

export interface CustomersQuery {
  search?: string;
  kind?: Customer["kind"];
  order?: "name" | "taxId" | "email";
  page?: number;
  itemsPerPage?: number;
}

const etag = (version: number) => `"${version}"`;

export const listCustomers = (query: CustomersQuery, signal?: AbortSignal) =>
  get<Collection<Customer>>("/customers", query, signal);
/** The id of a customer that was merged answers with the one it became. */
export const readCustomer = (id: string, signal?: AbortSignal) =>
  get<Customer>(`/customers/${id}`, undefined, signal);
export const registerCustomer = (input: CustomerInput, idempotencyKey: string) =>
  create<Customer>("/customers", input, idempotencyKey);
export const changeCustomer = (id: string, input: CustomerInput, version: number) =>
  replace<Customer>(`/customers/${id}`, input, etag(version));
export const deleteCustomer = (id: string, version: number) => remove(`/customers/${id}`, etag(version));
export const mergeCustomer = (goes: Customer, into: string, idempotencyKey: string) =>
  create<Customer>(`/customers/${goes.id}/merge`, { into }, idempotencyKey, etag(goes.version));

export const listInvoices = (query: InvoicesQuery, signal?: AbortSignal) =>
  get<Collection<InvoiceSummary>>("/invoices", query, signal);
export const readTotals = (filter: InvoicesFilter, signal?: AbortSignal) =>
  get<InvoiceTotals>("/invoices/totals", filter, signal);
export const readInvoice = (id: string, signal?: AbortSignal) =>
  get<Invoice>(`/invoices/${id}`, undefined, signal);
export const readInvoiceSettings = (signal?: AbortSignal) =>
  get<InvoiceSettings>("/invoices/settings", undefined, signal);
export const issueInvoice = (input: InvoiceInput, idempotencyKey: string) =>
  create<Invoice>("/invoices", input, idempotencyKey);
export const changeInvoice = (id: string, input: InvoiceEdit, version: number) =>
  replace<Invoice>(`/invoices/${id}`, input, etag(version));

/** What the form starts from: everything known of the patient or customer. */
export const prefillInvoice = (whom: { patientId: string } | { customerId: string }, signal?: AbortSignal) =>
  get<InvoicePrefill>("/invoice-prefill", whom, signal);

export const listDrafts = (page: number, signal?: AbortSignal) =>
  get<Collection<DraftSummary>>("/invoices/drafts", { page }, signal);
export const readDraft = (id: string, signal?: AbortSignal) =>
  get<InvoiceDraft>(`/invoices/drafts/${id}`, undefined, signal);
export const keepDraft = (input: DraftInput, idempotencyKey: string) =>
  create<InvoiceDraft>("/invoices/drafts", input, idempotencyKey);
export const changeDraft = (id: string, input: DraftInput, version: number) =>
  replace<InvoiceDraft>(`/invoices/drafts/${id}`, input, etag(version));
export const deleteDraft = (id: string, version: number) => remove(`/invoices/drafts/${id}`, etag(version));
/** The draft becomes the invoice: same id, now with a number. */
export const issueDraft = (id: string, version: number, idempotencyKey: string) =>
  create<Invoice>(`/invoices/drafts/${id}/issue`, {}, idempotencyKey, etag(version));

export const recordPayment = (invoiceId: string, input: PaymentInput, idempotencyKey: string) =>
  create<Invoice>(`/invoices/${invoiceId}/payments`, input, idempotencyKey);
export const rectifyInvoice = (invoiceId: string, input: RectificationInput, idempotencyKey: string) =>
  create<Invoice>(`/invoices/${invoiceId}/rectification`, input, idempotencyKey);

export const readNumberGaps = (series: InvoiceSeries, year: number, signal?: AbortSignal) =>
  get<NumberGaps>("/invoices/number-gaps", { series, year }, signal);
export const listPacks = (patientId: string, signal?: AbortSignal) =>
  get<Collection<Pack>>("/packs", { patientId }, signal);

export const invoicePdf = (id: string, locale: Locale) =>
  download(`/invoices/${id}/export/pdf`, { locale, download: 1 });
/** The document as it will print, as one page of HTML. */
export const invoiceHtml = (id: string, locale: Locale, signal?: AbortSignal) =>
  get<string>(`/invoices/${id}/export/html`, { locale }, signal);

export type ExportFormat = "csv" | "xlsx";

export const exportInvoices = (
  format: ExportFormat,
  locale: Locale,
  query: InvoicesQuery,
  arrival: Arrival,
) => download("/invoices/export", { format, locale, ...query }, arrival);
export const accountantJournal = (year: number, month: number | null, arrival: Arrival) =>
  download("/invoices/journal", { year, ...(month && { month }) }, arrival);
