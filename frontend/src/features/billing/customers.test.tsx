/** Customers: people and companies, a wrong letter that warns, one deleted only without invoices, two made one. */
import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { Customer } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { CUSTOMER, collection, refusal, server } from "../../../test/server";
import { CustomerEditor } from "./CustomerEditor";
import { CustomerPage } from "./CustomerPage";

const TWIN: Customer = {
  ...CUSTOMER,
  id: "0193a1b2-0000-7000-8000-0000000000b2",
  fullName: "Acme Nandu",
  taxId: "B58378431",
  version: 5,
};
let sent: unknown[];

beforeEach(() => {
  sent = [];
  server.use(
    http.post("/api/customers", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(CUSTOMER, { status: 201 });
    }),
    http.get(`/api/customers/${CUSTOMER.id}`, () => HttpResponse.json(CUSTOMER)),
    http.get(`/api/customers/${TWIN.id}`, () => HttpResponse.json(TWIN)),
    http.get("/api/customers", () => HttpResponse.json(collection([CUSTOMER, TWIN]))),
    http.get("/api/invoices", () => HttpResponse.json(collection([]))),
    http.get("/api/invoices/totals", ({ request }) => {
      const count = request.url.includes(TWIN.id) ? 3 : 7;
      return HttpResponse.json({ count, amount: "0.00", unpaid: "0.00", currency: "EUR" });
    }),
  );
});

async function register() {
  const onSaved = vi.fn();
  const { user } = await renderScreen(
    <CustomerEditor customer={null} onSaved={onSaved} onCancel={() => {}} />,
  );
  await user.click(screen.getByRole("button", { name: "Company" }));
  await user.type(screen.getByLabelText(/^Company name/), "Acme Ñandú SL");
  await user.type(screen.getByLabelText(/^Billing address/), "Gran Vía 1");
  return { user, onSaved };
}

test("a company has one name; a wrong check letter warns and is saved all the same", async () => {
  const { user, onSaved } = await register();
  expect(screen.queryByLabelText(/^Last name/)).not.toBeInTheDocument();
  await user.type(screen.getByLabelText(/^Tax identifier/), "B12345675");
  expect(screen.getByText(/check character does not match/)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(sent).toMatchObject([
    { kind: "company", firstName: "Acme Ñandú SL", lastName: null, taxId: "B12345675" },
  ]);
});

test("a foreign identifier passes without a word", async () => {
  const { user } = await register();
  await user.type(screen.getByLabelText(/^Tax identifier/), "FR12345678901");
  expect(screen.queryByText(/check character/)).not.toBeInTheDocument();
});

test("a person needs a last name", async () => {
  const { user } = await renderScreen(
    <CustomerEditor customer={null} onSaved={() => {}} onCancel={() => {}} />,
  );
  await user.type(screen.getByLabelText(/^First name/), "Iñaki");
  await user.type(screen.getByLabelText(/^Tax identifier/), "12345678Z");
  await user.type(screen.getByLabelText(/^Billing address/), "Gran Vía 1");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() =>
    expect(screen.getByLabelText(/^Last name/)).toHaveAccessibleDescription("This field is required"),
  );
  expect(sent).toEqual([]);
});

test("an identifier somebody else has is told at its field", async () => {
  server.use(
    http.post("/api/customers", () =>
      refusal(409, "tax-id-taken", { detail: "Another customer has this tax identifier." }),
    ),
  );
  const { user } = await register();
  await user.type(screen.getByLabelText(/^Tax identifier/), "B12345674");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() =>
    expect(screen.getByLabelText(/^Tax identifier/)).toHaveAccessibleDescription(/Another customer has/),
  );
  expect(screen.getByLabelText(/^Tax identifier/)).toHaveFocus();
});

const page = (callbacks = {}) => (
  <CustomerPage customerId={CUSTOMER.id} onOpen={() => {}} onDeleted={() => {}} {...callbacks} />
);

test("a customer with invoices is not deleted; a merge is offered in its place", async () => {
  const detail = "There are invoices of this customer.";
  server.use(
    http.delete(`/api/customers/${CUSTOMER.id}`, () => refusal(409, "customer-has-invoices", { detail })),
  );
  const { user } = await renderScreen(page());
  await user.click(await screen.findByRole("button", { name: "Delete customer" }));
  await user.click(await screen.findByRole("button", { name: "Delete for good" }));
  expect(await screen.findByText(detail)).toBeInTheDocument();
  await user.click(within(screen.getByRole("alert")).getByRole("button", { name: /Merge/ }));
  expect(await screen.findByRole("dialog", { name: "Merge customers" })).toBeInTheDocument();
});

test("before two customers become one it is told which one stays and what moves", async () => {
  const merged: unknown[] = [];
  server.use(
    http.post(`/api/customers/${CUSTOMER.id}/merge`, async ({ request }) => {
      merged.push([await request.json(), request.headers.get("If-Match")]);
      return HttpResponse.json(TWIN);
    }),
  );
  const onOpen = vi.fn();
  const { user } = await renderScreen(page({ onOpen }));
  await user.click(await screen.findByRole("button", { name: "Merge with another customer" }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByRole("combobox"), "acme");
  const others = await screen.findAllByRole("option");
  expect(others).toHaveLength(1);
  await user.click(others[0] as HTMLElement);
  expect(await within(dialog).findByText("3 invoices move to Acme Ñandú SL.")).toBeInTheDocument();
  await user.click(within(dialog).getByRole("radio", { name: /Acme Nandu/ }));
  expect(await within(dialog).findByText("7 invoices move to Acme Nandu.")).toBeInTheDocument();
  await user.click(within(dialog).getByRole("button", { name: "Merge the two customers" }));
  await waitFor(() => expect(onOpen).toHaveBeenCalledWith(TWIN.id));
  expect(merged).toEqual([[{ into: TWIN.id }, '"2"']]);
});
