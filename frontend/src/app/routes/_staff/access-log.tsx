/** /access-log — who read whose clinical data; the filters live in the address, as ids and dates. */
import { createFileRoute } from "@tanstack/react-router";
import { isAdmin } from "@/api/me";
import { AccessLog, type AccessLogState } from "@/features/patients/AccessLog";
import { onlyFor } from "../../allowed";
import { DATE, ID, matching, pageNumber } from "../../searchParams";

interface AccessSearch {
  patient?: string;
  person?: string;
  from?: string;
  to?: string;
  page?: number;
}

export const Route = createFileRoute("/_staff/access-log")({
  validateSearch: (search: Record<string, unknown>): AccessSearch => ({
    ...matching(search, "patient", ID),
    ...matching(search, "person", ID),
    ...matching(search, "from", DATE),
    ...matching(search, "to", DATE),
    ...pageNumber(search),
  }),
  beforeLoad: onlyFor(isAdmin),
  component: function AccessLogRoute() {
    const navigate = Route.useNavigate();
    const { patient = "", person = "", from = "", to = "", page = 1 } = Route.useSearch();
    const state: AccessLogState = { patient, person, from, to, page };
    const change = (part: Partial<AccessLogState>) => {
      const { page: nextPage, ...filters } = { ...state, ...part };
      const given = Object.entries(filters).filter(([, value]) => value !== "");
      return navigate({
        search: { ...Object.fromEntries(given), ...(nextPage > 1 && { page: nextPage }) },
        resetScroll: false,
      });
    };
    return <AccessLog state={state} onChange={change} />;
  },
});
