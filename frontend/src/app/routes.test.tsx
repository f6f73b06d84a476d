/** Addresses as the real router reads them: what is not for this person or does not exist is said inside the shell. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { signIn, signOut } from "@/api/session";
import type { User } from "@/api/types";
import { ADMIN, CUSTOMER, INVOICE, PATIENT, RECEPTIONIST, server } from "../../test/server";
import { routeTree } from "./routeTree.gen";
import { RouteFailure, RouteNotFound } from "./shell/RouteFailure";

const PRACTITIONER: User = { ...ADMIN, roles: ["ROLE_PRACTITIONER"] };
const beQuiet = (event: Event) => event.preventDefault();
let asked: string[];

async function go(address: string, me: User) {
  server.use(http.get("/api/me", () => HttpResponse.json(me)));
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = createRouter({
    routeTree,
    context: { queryClient },
    history: createMemoryHistory({ initialEntries: [address] }),
    defaultErrorComponent: RouteFailure,
    defaultNotFoundComponent: RouteNotFound,
  });
  await router.load();
  render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
}

beforeEach(async () => {
  server.use(
    http.post("/api/login", () => HttpResponse.json({ token: "token", expiresIn: 900 })),
    http.post("/api/logout", () => new HttpResponse(null, { status: 204 })),
  );
  await signIn("a@b.c", "secret");
  asked = [];
  // React tells the console of every error that a boundary shows, also of the refusals looked for here.
  vi.spyOn(console, "error").mockImplementation(() => {});
  window.addEventListener("error", beQuiet);
  vi.spyOn(console, "warn").mockImplementation(() => {});
  server.events.removeAllListeners();
  server.events.on("request:start", ({ request }) => asked.push(new URL(request.url).pathname));
});
afterEach(async () => {
  window.removeEventListener("error", beQuiet);
  await signOut();
});

test.each([
  ["the desk", `/patients/${PATIENT.id}/records/new`, RECEPTIONIST],
  ["the desk", `/patients/${PATIENT.id}/history`, RECEPTIONIST],
  ["the desk", "/access-log", RECEPTIONIST],
  ["a practitioner", `/patients/${PATIENT.id}/access-log`, PRACTITIONER],
  ["a practitioner", "/invoices/new", PRACTITIONER],
  ["a practitioner", "/invoices", PRACTITIONER],
  ["a practitioner", "/invoices/drafts", PRACTITIONER],
  ["a practitioner", "/invoices/gaps", PRACTITIONER],
  ["a practitioner", "/customers", PRACTITIONER],
  ["a practitioner", `/customers/${CUSTOMER.id}`, PRACTITIONER],
  ["the desk", `/invoices/${INVOICE.id}/edit`, RECEPTIONIST],
])("%s at %s is told so in place of a form, and nothing else is asked for", async (_, address, me) => {
  await go(address, me);
  expect(await screen.findByText("You do not have permission for this.")).toBeInTheDocument();
  expect(screen.getByRole("navigation", { name: "Main" })).toBeInTheDocument();
  expect(screen.queryByRole("form")).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Try again" })).not.toBeInTheDocument();
  expect(asked).toEqual(["/api/me"]);
});

test("an address that leads nowhere says so inside the shell", async () => {
  await go("/nope", ADMIN);
  expect(await screen.findByRole("heading", { name: "Page not found" })).toBeInTheDocument();
  expect(screen.getByRole("navigation", { name: "Main" })).toBeInTheDocument();
});
