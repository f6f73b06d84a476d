/** Billing's calls: invoices and what they start from. */
import type { Locale } from "@/i18n/language";
import { create, download, get } from "./http";
import type { Collection, Invoice, InvoiceInput, InvoicePrefill, InvoiceSummary } from "./types";

export interface InvoicesQuery {
  search?: string;
  year?: number;
  patientId?: string;
  order?: "date" | "number" | "amount";
  page?: number;
  itemsPerPage?: number;
}

export const listInvoices = (query: InvoicesQuery, signal?: AbortSignal) =>
  get<Collection<InvoiceSummary>>("/invoices", query, signal);
export const readInvoice = (id: string, signal?: AbortSignal) =>
  get<Invoice>(`/invoices/${id}`, undefined, signal);
export const prefillInvoice = (patientId: string, signal?: AbortSignal) =>
  get<InvoicePrefill>("/invoice-prefill", { patientId }, signal);
export const issueInvoice = (input: InvoiceInput, idempotencyKey: string) =>
  create<Invoice>("/invoices", input, idempotencyKey);
export const invoicePdf = (id: string, locale: Locale) =>
  download(`/invoices/${id}/export/pdf`, { locale, download: 1 });
