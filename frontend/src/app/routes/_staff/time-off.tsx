/** /time-off — who is away when; what is shown and whose stands in the address. */
import { createFileRoute } from "@tanstack/react-router";
import { listedTimeOffQuery, practitionersQuery } from "@/features/scheduling/queries";
import { TimeOffPage, type TimeOffState } from "@/features/scheduling/TimeOffPage";
import { ID, matching, oneOf } from "../../searchParams";

interface TimeOffSearch {
  show?: TimeOffState["show"];
  practitioner?: string;
}

const stateOf = ({ show = "coming", practitioner = "" }: TimeOffSearch): TimeOffState => ({
  show,
  practitioner,
});

export const Route = createFileRoute("/_staff/time-off")({
  validateSearch: (search: Record<string, unknown>): TimeOffSearch => ({
    ...oneOf(search, "show", ["past"] as const),
    ...matching(search, "practitioner", ID),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queryClient }, deps }) => {
    const { show, practitioner } = stateOf(deps);
    void queryClient.prefetchQuery(practitionersQuery);
    void queryClient.prefetchQuery(listedTimeOffQuery(show, practitioner));
  },
  component: function TimeOffRoute() {
    const navigate = Route.useNavigate();
    const state = stateOf(Route.useSearch());
    const change = (part: Partial<TimeOffState>) => {
      const next = { ...state, ...part };
      return navigate({
        search: {
          ...(next.show === "past" && { show: next.show }),
          ...(next.practitioner && { practitioner: next.practitioner }),
        },
        resetScroll: false,
      });
    };
    return <TimeOffPage state={state} onChange={change} />;
  },
});
