/** The router: hovering preloads, a slow route shows its frame, an unknown address says so. */
import { createRouter } from "@tanstack/react-router";
import { queryClient } from "./queryClient";
import { routeTree } from "./routeTree.gen";
import { RouteFailure, RouteNotFound } from "./shell/RouteFailure";

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultErrorComponent: RouteFailure,
  defaultNotFoundComponent: RouteNotFound,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
  interface HistoryState {
    /** What was typed in a list's search box: kept with the history entry, not in the address, for it is a name. */
    search?: string;
  }
}
