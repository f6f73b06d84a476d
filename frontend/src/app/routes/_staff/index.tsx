/** / — the dashboard. */
import { createFileRoute } from "@tanstack/react-router";
import { Dashboard } from "../../dashboard/Dashboard";
import { dashboardQuery } from "../../dashboard/queries";

export const Route = createFileRoute("/_staff/")({
  loader: ({ context }) => void context.queryClient.prefetchQuery(dashboardQuery),
  component: Dashboard,
});
