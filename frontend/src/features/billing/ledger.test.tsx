/** What stands beside the invoices: packs of sessions, numbers without a hole, drafts that can be brought back. */
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { NumberGaps as Gaps, Pack } from "@/api/types";
import { Toasts } from "@/ui/Toasts";
import { renderScreen } from "../../../test/render";
import { collection, INVOICE, PATIENT, server } from "../../../test/server";
import { DraftList } from "./DraftList";
import { NumberGaps } from "./NumberGaps";
import { PatientPacks } from "./PatientPacks";

const PACK: Pack = {
  id: "k1",
  patientId: PATIENT.id,
  invoiceId: INVOICE.id,
  invoiceDisplayNumber: "F2026000001",
  concept: "Pack of 5 sessions",
  sessions: 5,
  used: 5,
  left: 0,
  soldOn: "2026-10-01",
  closedAt: null,
  uses: [{ appointmentId: "a1", startsAt: "2026-10-02T10:00:00+02:00" }],
};
const GAPS: Gaps = {
  series: "F",
  year: 2026,
  first: "2026000001",
  last: "2026000009",
  total: 7,
  missing: ["2026000003", "2026000005"],
  missingCount: 2,
};

beforeEach(() => {
  const settings = { editEnabled: false, prefix: "F", rectifyingPrefix: "R", dueDays: 30, currency: "EUR" };
  server.use(http.get("/api/invoices/settings", () => HttpResponse.json(settings)));
});

test("packs with sessions left come first, each with the invoice that sold it", async () => {
  const fresh = {
    ...PACK,
    id: "k2",
    concept: "Pack of 10 sessions",
    sessions: 10,
    used: 3,
    left: 7,
    uses: [],
  };
  const cancelled = { ...PACK, id: "k3", used: 1, left: 0, closedAt: "2026-11-01T23:30:00Z" };
  server.use(http.get("/api/packs", () => HttpResponse.json(collection([PACK, fresh, cancelled]))));
  await renderScreen(<PatientPacks patientId={PATIENT.id} mayAdd />);
  expect(await screen.findByText("7 sessions left")).toBeInTheDocument();
  const packs = screen.getAllByRole("img", { name: /sessions used/ }).map((meter) => meter.closest("li"));
  expect(packs[0]).toHaveTextContent(/7 of 10 left/);
  expect(packs[1]).toHaveTextContent(/Used up/);
  expect(packs[2]).toHaveTextContent(/Cancelled.*on 2 Nov 2026/);
  expect(screen.getAllByRole("link", { name: "F2026000001" })[0]).toHaveAttribute(
    "href",
    `/invoices/${INVOICE.id}`,
  );
});

test.each([
  [GAPS, "2 numbers are missing"],
  [{ ...GAPS, missing: [], missingCount: 0 }, "No number is missing"],
  [
    { ...GAPS, first: null, last: null, total: 0, missing: [], missingCount: 0 },
    "No invoices of this series in 2026",
  ],
  [{ ...GAPS, missingCount: 1500 }, "And 1,498 more."],
])("numbers of a year are told whole or not", async (gaps, text) => {
  server.use(http.get("/api/invoices/number-gaps", () => HttpResponse.json(gaps)));
  await renderScreen(<NumberGaps state={{ year: 2026, series: "F" }} onChange={() => {}} />);
  expect(await screen.findByText(text)).toBeInTheDocument();
});

test("missing numbers are written as people see them", async () => {
  server.use(http.get("/api/invoices/number-gaps", () => HttpResponse.json({ ...GAPS, series: "R" })));
  await renderScreen(<NumberGaps state={{ year: 2026, series: "R" }} onChange={() => {}} />);
  const missing = await screen.findByRole("list", { name: "Missing numbers" });
  await waitFor(() => expect(within(missing).getByText("R2026000003")).toBeInTheDocument());
});

test("a draft that was discarded can be brought back as it was", async () => {
  const line = { ...INVOICE.lines[0] };
  const draft = {
    id: "d1",
    date: null,
    dueDate: null,
    customerId: null,
    patientId: null,
    fullName: null,
    taxId: null,
    address: null,
    phone: null,
    email: null,
    currency: "EUR",
    amount: "60.00",
    version: 3,
    createdAt: "2026-11-20T09:00:00+01:00",
    updatedAt: "2026-11-20T09:00:00+01:00",
  };
  const written: unknown[] = [];
  let isThere = true;
  server.use(
    http.get("/api/invoices/drafts", () => HttpResponse.json(collection(isThere ? [draft] : []))),
    http.get("/api/invoices/drafts/d1", () => HttpResponse.json({ ...draft, lines: [line] })),
    http.delete("/api/invoices/drafts/d1", ({ request }) => {
      expect(request.headers.get("If-Match")).toBe('"3"');
      isThere = false;
      return new HttpResponse(null, { status: 204 });
    }),
    http.post("/api/invoices/drafts", async ({ request }) => {
      written.push(await request.json());
      isThere = true;
      return HttpResponse.json({ ...draft, lines: [line] }, { status: 201 });
    }),
  );
  const { user } = await renderScreen(
    <>
      <DraftList page={1} onPage={() => {}} />
      <Toasts label="Notices" isWide />
    </>,
  );
  expect(await screen.findByRole("link", { name: "No customer yet" })).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: /^Discard/ }));
  expect(await screen.findByText("No drafts")).toBeInTheDocument();
  const said = (await screen.findByText("Draft discarded")).closest("li") as HTMLElement;
  fireEvent.click(within(said).getByRole("button", { name: "Undo" }));
  expect(await screen.findByRole("link", { name: "No customer yet" })).toBeInTheDocument();
  const { amount: _, ...writtenLine } = line;
  const { id, currency, amount, version, createdAt, updatedAt, ...rest } = draft;
  expect(written).toEqual([{ ...rest, lines: [writtenLine] }]);
});
