/** /invoices/gaps — the numbers of a year and series that are missing. */
import { createFileRoute } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { NumberGaps, type NumberGapsState } from "@/features/billing/NumberGaps";
import { onlyFor } from "../../../allowed";
import { oneOf, yearNumber } from "../../../searchParams";

export const Route = createFileRoute("/_staff/invoices/gaps")({
  validateSearch: (search: Record<string, unknown>): { year?: number; series?: "R" } => ({
    ...yearNumber(search),
    ...oneOf(search, "series", ["R"] as const),
  }),
  beforeLoad: onlyFor(mayBill),
  component: function GapsRoute() {
    const navigate = Route.useNavigate();
    const { series = "F", year } = Route.useSearch();
    const state: NumberGapsState = { series, ...(year && { year }) };
    const change = (part: Partial<NumberGapsState>) => {
      const next = { ...state, ...part };
      return navigate({
        search: { ...(next.year && { year: next.year }), ...(next.series === "R" && { series: "R" }) },
        resetScroll: false,
      });
    };
    return <NumberGaps state={state} onChange={change} />;
  },
});
