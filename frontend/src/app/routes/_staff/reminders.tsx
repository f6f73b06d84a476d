/** /reminders — the outbox of what patients are told; what is shown stands in the address. */
import { createFileRoute } from "@tanstack/react-router";
import { reminderSettingsQuery, remindersQuery } from "@/features/scheduling/queries";
import { Reminders, type RemindersState } from "@/features/scheduling/Reminders";
import { oneOf, pageNumber } from "../../searchParams";

interface RemindersSearch {
  state?: RemindersState["state"];
  page?: number;
}

const stateOf = ({ state = "all", page = 1 }: RemindersSearch): RemindersState => ({ state, page });

export const Route = createFileRoute("/_staff/reminders")({
  validateSearch: (search: Record<string, unknown>): RemindersSearch => ({
    ...oneOf(search, "state", ["waiting", "sent", "failed", "unsent", "dropped"] as const),
    ...pageNumber(search),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queryClient }, deps }) => {
    void queryClient.prefetchQuery(reminderSettingsQuery);
    void queryClient.prefetchQuery(remindersQuery(stateOf(deps)));
  },
  component: function RemindersRoute() {
    const navigate = Route.useNavigate();
    const state = stateOf(Route.useSearch());
    const change = (part: Partial<RemindersState>) => {
      const next = { ...state, ...part };
      return navigate({
        search: {
          ...(next.state !== "all" && { state: next.state }),
          ...(next.page > 1 && { page: next.page }),
        },
        resetScroll: false,
      });
    };
    return <Reminders state={state} onChange={change} />;
  },
});
