/** Renders a screen inside what the application gives it: a router, a query client, a signed-in user. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { meQuery } from "@/api/me";
import type { User } from "@/api/types";
import { ADMIN } from "./server";

export async function renderScreen(screen: ReactNode, me: User = ADMIN) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  queryClient.setQueryData(meQuery.queryKey, me);
  const root = createRootRoute();
  const here = createRoute({ getParentRoute: () => root, path: "/", component: () => screen });
  const elsewhere = createRoute({
    getParentRoute: () => root,
    path: "$",
    component: () => <p>another screen</p>,
  });
  const router = createRouter({
    routeTree: root.addChildren([here, elsewhere]),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  await router.load();
  render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), router, queryClient };
}
