/** Writing an invoice: prefilled, totalled while typing, confirmed once, sent with decimal strings. */
import { screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import type { ComponentProps } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import type { InvoiceDraft, InvoicePrefill } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { CUSTOMER, collection, PATIENT, refusal, server } from "../../../test/server";
import { InvoiceEditor } from "./InvoiceEditor";

const PREFILL = {
  patientId: PATIENT.id,
  customerId: null,
  fullName: PATIENT.fullName,
  taxId: "12345678Z",
  address: "Calle Mayor 1",
  phone: null,
  email: null,
  rate: "45.00",
  packBalance: 0,
  lines: [],
};
const VISITS = [
  ["2026-11-16 10:00", "0193a1b2-0000-7000-8000-0000000000d1"],
  ["2026-11-19 10:00", "0193a1b2-0000-7000-8000-0000000000d2"],
].map(([description = "", appointmentId = ""]) => ({
  concept: "Session",
  description,
  quantity: "1.00",
  unitPrice: "45.00",
  appointmentId,
}));

let prefill: InvoicePrefill;
beforeEach(() => {
  prefill = PREFILL;
  server.use(
    http.get("/api/invoices/settings", () =>
      HttpResponse.json({
        editEnabled: false,
        prefix: "F",
        rectifyingPrefix: "R",
        dueDays: 30,
        currency: "EUR",
      }),
    ),
    http.get("/api/invoice-prefill", () => HttpResponse.json(prefill)),
    http.get(`/api/patients/${PATIENT.id}`, () => HttpResponse.json(PATIENT)),
  );
});

const editor = (
  start: InvoicePrefill | null,
  callbacks: Partial<ComponentProps<typeof InvoiceEditor>> = {},
) => (
  <InvoiceEditor prefill={start} onIssued={() => {}} onKept={() => {}} onCancel={() => {}} {...callbacks} />
);

const issue = async (user: UserEvent) => {
  await user.click(screen.getByRole("button", { name: "Generate invoice" }));
  await user.click(
    within(await screen.findByRole("dialog")).getByRole("button", { name: "Confirm issuance" }),
  );
};

async function writeInvoice() {
  const onIssued = vi.fn();
  const { user } = await renderScreen(editor(PREFILL, { onIssued }));
  await user.type(screen.getByLabelText(/^Concept/), "Session");
  await user.clear(screen.getByLabelText(/^Price/));
  await user.type(screen.getByLabelText(/^Price/), "60,00");
  return { user, onIssued };
}

test("the total follows the lines", async () => {
  const { user } = await writeInvoice();
  expect(screen.getByRole("status")).toHaveTextContent("€60.00");
  await user.click(screen.getByRole("button", { name: "Add line" }));
  const lines = screen.getAllByRole("listitem");
  await user.clear(within(lines[1] as HTMLElement).getByLabelText(/^Price/));
  await user.type(within(lines[1] as HTMLElement).getByLabelText(/^Price/), "0.105");
  expect(screen.getByRole("status")).toHaveTextContent("€60.00");
  await user.type(within(lines[1] as HTMLElement).getByLabelText(/^Price/), "{Backspace}");
  expect(screen.getByRole("status")).toHaveTextContent("€60.10");
  await user.click(screen.getByRole("button", { name: "Remove line 1" }));
  expect(screen.getByRole("status")).toHaveTextContent("€0.10");
});

test("after a line was removed the one in its place has the focus", async () => {
  const { user } = await writeInvoice();
  await user.click(screen.getByRole("button", { name: "Add line" }));
  await user.click(screen.getByRole("button", { name: "Remove line 2" }));
  await waitFor(() => expect(screen.getByLabelText(/^Concept/)).toHaveFocus());
  expect(screen.getByLabelText(/^Concept/)).toHaveValue("Session");
});

test("nothing is issued before it is confirmed, and the wire gets decimals and the frozen customer", async () => {
  const sent: unknown[] = [];
  server.use(
    http.post("/api/invoices", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ id: "i1", displayNumber: "F2026000001" }, { status: 201 });
    }),
  );
  const { user, onIssued } = await writeInvoice();
  await user.click(screen.getByRole("button", { name: "Generate invoice" }));
  const dialog = await screen.findByRole("dialog", { name: "Confirm issuance" });
  expect(within(dialog).getByText("€60.00")).toBeInTheDocument();
  expect(sent).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Confirm issuance" }));
  await waitFor(() => expect(onIssued).toHaveBeenCalled());
  expect(sent).toMatchObject([
    {
      patientId: PATIENT.id,
      fullName: PATIENT.fullName,
      address: "Calle Mayor 1",
      phone: null,
      lines: [{ concept: "Session", description: null, quantity: "1.00", unitPrice: "60.00" }],
    },
  ]);
});

test("a violation inside a line is shown at that line's field", async () => {
  const violations = [
    { propertyPath: "lines[0].unitPrice", message: "At most 999,999.99.", code: "too_big" },
  ];
  server.use(http.post("/api/invoices", () => refusal(422, "validation-failed", { violations })));
  const { user } = await writeInvoice();
  await issue(user);
  const price = await screen.findByLabelText(/^Price/);
  await waitFor(() => expect(price).toHaveAccessibleDescription("At most 999,999.99."));
});

test("attended visits are ticked into the invoice, and out of it", async () => {
  prefill = { ...PREFILL, lines: VISITS };
  const { user } = await renderScreen(editor(prefill));
  const ticks = await screen.findAllByRole("checkbox");
  expect(ticks.map((tick) => (tick as HTMLInputElement).checked)).toEqual([true, true]);
  expect(screen.getByRole("status")).toHaveTextContent("€90.00");
  await user.click(screen.getByRole("checkbox", { name: /2026-11-16/ }));
  expect(screen.getByRole("status")).toHaveTextContent("€45.00");
  expect(screen.getAllByLabelText(/^Concept/)).toHaveLength(1);
  await user.click(screen.getByRole("checkbox", { name: /2026-11-16/ }));
  expect(screen.getByRole("status")).toHaveTextContent("€90.00");
  await user.click(screen.getByRole("button", { name: "Remove line 1" }));
  expect(screen.getByRole("checkbox", { name: /2026-11-19/ })).not.toBeChecked();
});

test("what is left of the patient's packs is told", async () => {
  prefill = { ...PREFILL, packBalance: 3 };
  await renderScreen(editor(prefill));
  expect(await screen.findByText(/3 sessions are left in packs/)).toBeInTheDocument();
});

test("a pack is a line with its sessions, and its concept follows their number", async () => {
  const sent: { lines: unknown[] }[] = [];
  server.use(
    http.post("/api/invoices", async ({ request }) => {
      sent.push((await request.json()) as { lines: unknown[] });
      return HttpResponse.json({ id: "i1", displayNumber: "F2026000001" }, { status: 201 });
    }),
  );
  const { user } = await renderScreen(editor(PREFILL, { sellsPack: true }));
  expect(screen.getByLabelText(/^Concept/)).toHaveValue("Pack of 10 sessions");
  await user.clear(screen.getByLabelText(/^Sessions/));
  await user.type(screen.getByLabelText(/^Sessions/), "5");
  expect(screen.getByLabelText(/^Concept/)).toHaveValue("Pack of 5 sessions");
  await user.type(screen.getByLabelText(/^Price/), "200");
  await issue(user);
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.lines).toEqual([
    {
      concept: "Pack of 5 sessions",
      description: null,
      quantity: "1.00",
      unitPrice: "200.00",
      appointmentId: null,
      packSessions: 5,
    },
  ]);
});

test("lines are put in order with the keys alone, and what had the focus keeps it", async () => {
  const { user } = await writeInvoice();
  await user.click(screen.getByRole("button", { name: "Add line" }));
  await user.keyboard("Bandage{Alt>}{ArrowUp}{/Alt}");
  const concepts = () =>
    screen.getAllByLabelText(/^Concept/).map((field) => (field as HTMLInputElement).value);
  expect(concepts()).toEqual(["Bandage", "Session"]);
  expect(screen.getAllByLabelText(/^Concept/)[0]).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "Move line 1 down" }));
  expect(concepts()).toEqual(["Session", "Bandage"]);
  expect(screen.getByRole("button", { name: "Move line 2 down" })).toHaveFocus();
  expect(screen.getByText("Line 1 is now line 2")).toBeInTheDocument();
});

test("a date before the last invoice says which would do, and takes it with one press", async () => {
  const last = { date: "2026-11-23" };
  server.use(http.post("/api/invoices", () => refusal(409, "date-before-last-invoice", { last })));
  const { user } = await writeInvoice();
  await issue(user);
  const date = screen.getByLabelText(/^Date/);
  await waitFor(() => expect(date).toHaveAccessibleDescription(/is dated 23 Nov 2026/));
  await user.click(screen.getByRole("button", { name: "Use 23 Nov 2026" }));
  expect(date).toHaveValue("2026-11-23");
  expect(date).toHaveAccessibleDescription("");
});

test("an unfinished invoice is kept as a draft, without the lines that say nothing", async () => {
  const sent: unknown[] = [];
  server.use(
    http.post("/api/invoices/drafts", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ id: "d1", version: 1 }, { status: 201 });
    }),
  );
  const onKept = vi.fn();
  const { user } = await renderScreen(editor(null, { onKept }));
  await user.type(screen.getByLabelText(/^Full name/), "Clínica Muñoz");
  await user.click(screen.getByRole("button", { name: "Save as draft" }));
  await waitFor(() => expect(onKept).toHaveBeenCalled());
  expect(sent).toMatchObject([{ fullName: "Clínica Muñoz", address: null, patientId: null, lines: [] }]);
});

test("a draft is saved before it is issued, under its own version", async () => {
  const asked: string[] = [];
  const draft = {
    ...PREFILL,
    id: "d1",
    version: 4,
    date: null,
    dueDate: null,
    currency: "EUR",
    amount: "60.00",
  };
  const line = { ...VISITS[0], appointmentId: null, packSessions: null, unitPrice: "60.00", amount: "60.00" };
  const note = (request: Request) =>
    asked.push(`${request.method} ${new URL(request.url).pathname} ${request.headers.get("If-Match")}`);
  server.use(
    http.put("/api/invoices/drafts/d1", ({ request }) => {
      note(request);
      return HttpResponse.json({ ...draft, lines: [line], version: 5 });
    }),
    http.post("/api/invoices/drafts/d1/issue", ({ request }) => {
      note(request);
      return HttpResponse.json({ id: "d1", displayNumber: "F2026000001" }, { status: 201 });
    }),
  );
  const onIssued = vi.fn();
  const stored = { ...draft, lines: [line], createdAt: "", updatedAt: "" } as unknown as InvoiceDraft;
  const { user } = await renderScreen(editor(null, { stored, onIssued }));
  await user.type(screen.getByLabelText(/^Address/), "Calle Mayor 1");
  await issue(user);
  await waitFor(() => expect(onIssued).toHaveBeenCalled());
  expect(asked).toEqual(['PUT /api/invoices/drafts/d1 "4"', 'POST /api/invoices/drafts/d1/issue "5"']);
});

test("when a colleague saved the draft first, one chooses whose stays", async () => {
  const versions: (string | null)[] = [];
  const draft = {
    ...PREFILL,
    id: "d1",
    version: 4,
    date: null,
    dueDate: null,
    currency: "EUR",
    amount: "0.00",
  };
  const theirs = { ...draft, fullName: "Somebody else", version: 6, lines: [], createdAt: "", updatedAt: "" };
  server.use(
    http.put("/api/invoices/drafts/d1", ({ request }) => {
      const version = request.headers.get("If-Match");
      versions.push(version);
      return version === '"6"' ? HttpResponse.json({ ...theirs, version: 7 }) : refusal(412, "stale");
    }),
    http.get("/api/invoices/drafts/d1", () => HttpResponse.json(theirs)),
  );
  const onKept = vi.fn();
  const stored = { ...draft, lines: [], createdAt: "", updatedAt: "" } as unknown as InvoiceDraft;
  const { user } = await renderScreen(editor(null, { stored, onKept }));
  await user.click(screen.getByRole("button", { name: "Save as draft" }));
  expect(await screen.findByText("A colleague saved this meanwhile")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Save mine" }));
  await waitFor(() => expect(onKept).toHaveBeenCalled());
  expect(versions).toEqual(['"4"', '"6"']);
});

test("picking the patient brings who pays and the visits to be billed", async () => {
  prefill = { ...PREFILL, lines: VISITS };
  server.use(http.get("/api/patients", () => HttpResponse.json(collection([PATIENT]))));
  const { user } = await renderScreen(editor(null));
  await user.type(screen.getByRole("combobox", { name: "Patient" }), "munoz");
  await user.click(await screen.findByRole("option", { name: /María José/ }));
  await waitFor(() => expect(screen.getByLabelText(/^Full name/)).toHaveValue(PATIENT.fullName));
  expect(screen.getByRole("status")).toHaveTextContent("€90.00");
});

test("picking a customer fills in whom the invoice is for", async () => {
  server.use(
    http.get("/api/customers", () => HttpResponse.json(collection([CUSTOMER]))),
    http.get(`/api/customers/${CUSTOMER.id}`, () => HttpResponse.json(CUSTOMER)),
  );
  const { user } = await renderScreen(editor(null));
  await user.type(screen.getByRole("combobox", { name: "Customer" }), "acme");
  await user.click(await screen.findByRole("option", { name: /Acme/ }));
  await waitFor(() => expect(screen.getByLabelText(/^Full name/)).toHaveValue("Acme Ñandú SL"));
  expect(screen.getByLabelText(/^Address/)).toHaveValue(CUSTOMER.billingAddress);
  await user.click(screen.getByRole("button", { name: "Remove the customer" }));
  expect(screen.getByLabelText(/^Full name/)).toHaveValue("");
});
