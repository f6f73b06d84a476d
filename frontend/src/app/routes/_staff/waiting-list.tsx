/** /waiting-list — who waits for an appointment; the filters stand in the address. */
import { createFileRoute } from "@tanstack/react-router";
import { practitionersQuery } from "@/features/scheduling/queries";
import { WaitingList, type WaitingListState } from "@/features/scheduling/WaitingList";
import { ID, matching, oneOf, pageNumber } from "../../searchParams";

interface WaitingSearch {
  status?: WaitingListState["status"];
  practitioner?: string;
  page?: number;
}

export const Route = createFileRoute("/_staff/waiting-list")({
  validateSearch: (search: Record<string, unknown>): WaitingSearch => ({
    ...oneOf(search, "status", ["booked", "withdrawn", "expired", "all"] as const),
    ...matching(search, "practitioner", ID),
    ...pageNumber(search),
  }),
  loader: ({ context }) => void context.queryClient.prefetchQuery(practitionersQuery),
  component: function WaitingListRoute() {
    const navigate = Route.useNavigate();
    const { status = "waiting", practitioner = "", page = 1 } = Route.useSearch();
    const state: WaitingListState = { status, practitioner, page };
    const change = (part: Partial<WaitingListState>) => {
      const next = { ...state, ...part };
      return navigate({
        search: {
          ...(next.status !== "waiting" && { status: next.status }),
          ...(next.practitioner && { practitioner: next.practitioner }),
          ...(next.page > 1 && { page: next.page }),
        },
        resetScroll: false,
      });
    };
    return <WaitingList state={state} onChange={change} />;
  },
});
