/** What the billing screens read; apart from the components so that route loaders stay small. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type InvoicesQuery, listInvoices, prefillInvoice, readInvoice } from "@/api/billing";

export const invoicesQuery = (query: InvoicesQuery) =>
  queryOptions({
    queryKey: ["invoices", "list", query],
    queryFn: ({ signal }) => listInvoices(query, signal),
    placeholderData: keepPreviousData,
  });

/** An issued invoice is frozen, so what was read stays true. */
export const invoiceQuery = (id: string) =>
  queryOptions({
    queryKey: ["invoices", id],
    queryFn: ({ signal }) => readInvoice(id, signal),
    staleTime: 60_000,
  });

export const prefillQuery = (patientId: string) =>
  queryOptions({
    queryKey: ["invoice-prefill", patientId],
    queryFn: ({ signal }) => prefillInvoice(patientId, signal),
    staleTime: 0,
    gcTime: 0,
  });
