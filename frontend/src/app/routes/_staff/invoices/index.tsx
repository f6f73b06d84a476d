/** /invoices — the year and page live in the address, the typed search in the history entry (it may be a name). */
import { createFileRoute, useLocation } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { InvoiceList, type InvoiceListState } from "@/features/billing/InvoiceList";
import { onlyFor } from "../../../allowed";
import { pageNumber } from "../../../searchParams";

interface InvoicesSearch {
  year?: number;
  page?: number;
}

export const Route = createFileRoute("/_staff/invoices/")({
  validateSearch: (search: Record<string, unknown>): InvoicesSearch => {
    const year = Number(search.year);
    return { ...(year >= 1900 && year <= 9999 && { year }), ...pageNumber(search) };
  },
  beforeLoad: onlyFor(mayBill),
  component: function InvoicesRoute() {
    const navigate = Route.useNavigate();
    const { year = null, page = 1 } = Route.useSearch();
    const search = useLocation({ select: ({ state }) => state.search ?? "" });
    const state: InvoiceListState = { search, year, page };
    const change = (part: Partial<InvoiceListState>) => {
      const next = { ...state, ...part };
      return navigate({
        replace: part.search !== undefined,
        search: { ...(next.year && { year: next.year }), ...(next.page > 1 && { page: next.page }) },
        state: (previous) => ({ ...previous, search: next.search }),
        resetScroll: false,
      });
    };
    return <InvoiceList state={state} onChange={change} />;
  },
});
