/** /invoices — filters and page live in the address, the typed search in the history entry (it may be a name). */
import { createFileRoute, useLocation } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { InvoiceList } from "@/features/billing/InvoiceList";
import { addressOf, type InvoiceFilters, type InvoiceListState } from "@/features/billing/invoiceListState";
import { onlyFor } from "../../../allowed";
import { DATE, ID, matching, oneOf, pageNumber, yearNumber } from "../../../searchParams";

const STATES = ["unpaid", "part-paid", "paid", "overdue", "to-refund", "rectified", "open"] as const;

export const Route = createFileRoute("/_staff/invoices/")({
  validateSearch: (search: Record<string, unknown>): InvoiceFilters & { page?: number } => ({
    ...oneOf(search, "status", STATES),
    ...yearNumber(search),
    ...matching(search, "from", DATE),
    ...matching(search, "to", DATE),
    ...matching(search, "customer", ID),
    ...oneOf(search, "series", ["F", "R"] as const),
    ...oneOf(search, "order", ["number", "amount"] as const),
    ...pageNumber(search),
  }),
  beforeLoad: onlyFor(mayBill),
  component: function InvoicesRoute() {
    const navigate = Route.useNavigate();
    const { page = 1, ...filters } = Route.useSearch();
    const search = useLocation({ select: ({ state }) => state.search ?? "" });
    const state: InvoiceListState = { ...filters, search, page };
    const change = (part: Partial<InvoiceListState>) => {
      const next = { ...state, ...part };
      return navigate({
        replace: part.search !== undefined,
        search: addressOf(next),
        state: (previous) => ({ ...previous, search: next.search }),
        resetScroll: false,
      });
    };
    return <InvoiceList state={state} onChange={change} />;
  },
});
