/** The dashboard's figures. */
import { queryOptions } from "@tanstack/react-query";
import { readDashboard } from "@/api/dashboard";

export const dashboardQuery = queryOptions({
  queryKey: ["dashboard"],
  queryFn: ({ signal }) => readDashboard(signal),
  refetchInterval: 60_000,
});
