/** /customers — filters live in the address, the typed search in the history entry (it is somebody's name). */
import { createFileRoute, useLocation } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { CustomerList, type CustomerListState } from "@/features/billing/CustomerList";
import { onlyFor } from "../../../allowed";
import { oneOf, pageNumber } from "../../../searchParams";

interface CustomersSearch {
  kind?: "person" | "company";
  order?: "taxId" | "email";
  page?: number;
}

export const Route = createFileRoute("/_staff/customers/")({
  validateSearch: (search: Record<string, unknown>): CustomersSearch => ({
    ...oneOf(search, "kind", ["person", "company"] as const),
    ...oneOf(search, "order", ["taxId", "email"] as const),
    ...pageNumber(search),
  }),
  beforeLoad: onlyFor(mayBill),
  component: function CustomersRoute() {
    const navigate = Route.useNavigate();
    const { kind = "all", order = "name", page = 1 } = Route.useSearch();
    const search = useLocation({ select: ({ state }) => state.search ?? "" });
    const state: CustomerListState = { search, kind, order, page };
    const change = (part: Partial<CustomerListState>) => {
      const next = { ...state, ...part };
      return navigate({
        replace: part.search !== undefined,
        search: {
          ...(next.kind !== "all" && { kind: next.kind }),
          ...(next.order !== "name" && { order: next.order }),
          ...(next.page > 1 && { page: next.page }),
        },
        state: (previous) => ({ ...previous, search: next.search }),
        resetScroll: false,
      });
    };
    return <CustomerList state={state} onChange={change} />;
  },
});
