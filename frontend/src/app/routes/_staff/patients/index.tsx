/** /patients — filters live in the address, the typed search in the history entry (it is somebody's name). */
import { createFileRoute, useLocation } from "@tanstack/react-router";
import { PatientList, type PatientListState } from "@/features/patients/PatientList";
import { oneOf, pageNumber } from "../../../searchParams";

interface PatientsSearch {
  status?: "active" | "inactive" | "erased";
  order?: "alpha";
  page?: number;
}

export const Route = createFileRoute("/_staff/patients/")({
  validateSearch: (search: Record<string, unknown>): PatientsSearch => ({
    ...oneOf(search, "status", ["active", "inactive", "erased"] as const),
    ...oneOf(search, "order", ["alpha"] as const),
    ...pageNumber(search),
  }),
  component: function PatientsRoute() {
    const navigate = Route.useNavigate();
    const { status = "all", order = "latest", page = 1 } = Route.useSearch();
    const search = useLocation({ select: ({ state }) => state.search ?? "" });
    const state: PatientListState = { search, status, order, page };
    const change = (part: Partial<PatientListState>) => {
      const next = { ...state, ...part };
      return navigate({
        replace: part.search !== undefined,
        search: {
          ...(next.status !== "all" && { status: next.status }),
          ...(next.order !== "latest" && { order: next.order }),
          ...(next.page > 1 && { page: next.page }),
        },
        state: (previous) => ({ ...previous, search: next.search }),
        resetScroll: false,
      });
    };
    return <PatientList state={state} onChange={change} />;
  },
});
