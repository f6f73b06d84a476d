/** /working-hours — a practitioner's week; whose it is stands in the address. */
import { createFileRoute } from "@tanstack/react-router";
import { practitionersQuery } from "@/features/scheduling/queries";
import { WorkingHours } from "@/features/scheduling/WorkingHours";
import { ID, matching } from "../../searchParams";

export const Route = createFileRoute("/_staff/working-hours")({
  validateSearch: (search: Record<string, unknown>) => matching(search, "practitioner", ID),
  loader: ({ context }) => void context.queryClient.prefetchQuery(practitionersQuery),
  component: function WorkingHoursRoute() {
    const navigate = Route.useNavigate();
    const { practitioner = "" } = Route.useSearch();
    return (
      <WorkingHours
        practitionerId={practitioner}
        onChoose={(id) => navigate({ search: { practitioner: id }, resetScroll: false })}
      />
    );
  },
});
