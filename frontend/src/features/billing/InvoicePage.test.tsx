/** An issued invoice: paid bit by bit, paid back, corrected only by another one, never without being sure. */
import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { Invoice } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { ADMIN, INVOICE, RECEPTIONIST, refusal, server } from "../../../test/server";
import { InvoicePage } from "./InvoicePage";
import { RectificationEditor } from "./RectificationEditor";

const SETTINGS = { editEnabled: false, prefix: "F", rectifyingPrefix: "R", dueDays: 30, currency: "EUR" };
const HTML = "<!doctype html><html><head><style>h1{}</style></head><body><h1>Invoice</h1></body></html>";
let invoice: Invoice;
let sent: unknown[];

beforeEach(() => {
  invoice = INVOICE;
  sent = [];
  server.use(
    http.get(`/api/invoices/${INVOICE.id}`, () => HttpResponse.json(invoice)),
    http.get(`/api/invoices/${INVOICE.id}/export/html`, () => HttpResponse.html(HTML)),
    http.get("/api/invoices/settings", () => HttpResponse.json(SETTINGS)),
    http.post(`/api/invoices/${INVOICE.id}/payments`, async ({ request }) => {
      sent.push(await request.json());
      invoice = {
        ...invoice,
        paid: "25.50",
        outstanding: "34.50",
        paymentStatus: "part-paid",
        payments: [
          { id: "p1", kind: "payment", amount: "25.50", method: "bizum", date: "2026-11-23", createdAt: "" },
        ],
      };
      return HttpResponse.json(invoice, { status: 201 });
    }),
  );
});

test("a payment begins with what is outstanding, takes a comma, and says its amount before it is recorded", async () => {
  const { user } = await renderScreen(<InvoicePage invoiceId={INVOICE.id} />);
  await user.click(await screen.findByRole("button", { name: "Add payment" }));
  const dialog = await screen.findByRole("dialog");
  const amount = within(dialog).getByLabelText(/^Amount/);
  expect(amount).toHaveValue("60.00");
  await user.clear(amount);
  await user.type(amount, "25,50");
  await user.click(within(dialog).getByRole("radio", { name: "Bizum" }));
  await user.click(within(dialog).getByRole("button", { name: "Record payment of €25.50" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(sent).toMatchObject([{ kind: "payment", amount: "25.50", method: "bizum" }]);
  expect(await screen.findByText("Part paid")).toBeInTheDocument();
  expect(screen.getByText("€34.50")).toBeInTheDocument();
});

test("what the server refuses of a payment stands in the dialog", async () => {
  server.use(
    http.post(`/api/invoices/${INVOICE.id}/payments`, () =>
      refusal(409, "payment-exceeds-outstanding", { detail: "Only €60.00 is still to be paid." }),
    ),
  );
  const { user } = await renderScreen(<InvoicePage invoiceId={INVOICE.id} />);
  await user.click(await screen.findByRole("button", { name: "Add payment" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: /^Record payment/ }));
  expect(await within(dialog).findByRole("alert")).toHaveTextContent("Only €60.00 is still to be paid.");
});

test("what was paid too much is what a refund begins with", async () => {
  invoice = { ...INVOICE, due: "40.00", paid: "60.00", outstanding: "-20.00", paymentStatus: "to-refund" };
  const { user } = await renderScreen(<InvoicePage invoiceId={INVOICE.id} />);
  await user.click(await screen.findByRole("button", { name: "Refund" }));
  expect(within(await screen.findByRole("dialog")).getByLabelText(/^Amount/)).toHaveValue("20.00");
  expect(screen.queryByRole("button", { name: "Add payment" })).not.toBeInTheDocument();
});

test("a replaced invoice leads to what replaced it and takes no more payments", async () => {
  const related = [
    {
      id: "r1",
      series: "R" as const,
      number: "2026000001",
      displayNumber: "R2026000001",
      kind: "replacement" as const,
      date: "2026-11-23",
      amount: "50.00",
    },
  ];
  invoice = { ...INVOICE, status: "rectified", paymentStatus: "rectified", related };
  await renderScreen(<InvoicePage invoiceId={INVOICE.id} />);
  expect(await screen.findByRole("link", { name: "R2026000001" })).toHaveAttribute("href", "/invoices/r1");
  expect(screen.queryByRole("link", { name: "Correct" })).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Add payment" })).not.toBeInTheDocument();
});

test.each([
  ["an admin where the clinic allows it", ADMIN, true, 1],
  ["an admin where it does not", ADMIN, false, 0],
  ["the desk", RECEPTIONIST, true, 0],
])("an issued invoice is edited by %s: %#", async (_, me, editEnabled, links) => {
  server.use(http.get("/api/invoices/settings", () => HttpResponse.json({ ...SETTINGS, editEnabled })));
  await renderScreen(<InvoicePage invoiceId={INVOICE.id} />, me);
  await screen.findByRole("link", { name: "Correct" });
  await waitFor(() => expect(screen.queryAllByRole("link", { name: "Edit" })).toHaveLength(links));
});

test("the document is shown in a frame that runs no scripts", async () => {
  await renderScreen(<InvoicePage invoiceId={INVOICE.id} />);
  const frame = await screen.findByTitle("Document of invoice F2026000001");
  expect(frame.getAttribute("sandbox")).not.toContain("allow-scripts");
  expect(frame).toHaveAttribute("srcdoc", expect.not.stringContaining("<style>"));
});

async function rectify(way: string) {
  server.use(
    http.post(`/api/invoices/${INVOICE.id}/rectification`, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...INVOICE, id: "r1", displayNumber: "R2026000001" }, { status: 201 });
    }),
  );
  const onRectified = vi.fn();
  const screenOf = await renderScreen(
    <RectificationEditor invoice={INVOICE} onRectified={onRectified} onCancel={() => {}} />,
  );
  await screenOf.user.click(screen.getByRole("radio", { name: new RegExp(`^${way}`) }));
  await screenOf.user.type(screen.getByLabelText(/^Reason/), "Wrong person");
  return { ...screenOf, onRectified };
}

async function confirm(user: Awaited<ReturnType<typeof rectify>>["user"], typed: string) {
  await user.click(screen.getByRole("button", { name: "Issue the correction" }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByLabelText(/^Type F2026000001/), typed);
  await user.click(within(dialog).getByRole("button", { name: "Issue the correction" }));
  return dialog;
}

test("nothing is corrected until the invoice's number was typed", async () => {
  const { user, onRectified } = await rectify("Cancel in full");
  const dialog = await confirm(user, "F2026000002");
  expect(within(dialog).getByText("This is not the number of the invoice")).toBeInTheDocument();
  expect(sent).toEqual([]);
  await user.clear(within(dialog).getByLabelText(/^Type/));
  await user.type(within(dialog).getByLabelText(/^Type/), "f2026000001{Enter}");
  await waitFor(() => expect(onRectified).toHaveBeenCalled());
  expect(sent).toEqual([{ kind: "difference", reason: "Wrong person", date: expect.any(String) }]);
});

test("a difference takes prices below zero and shows what is left in force", async () => {
  const { user } = await rectify("Correct by difference");
  await user.type(screen.getByLabelText(/^Concept/), "Discount");
  await user.type(screen.getByLabelText(/^Price/), "-10,50");
  expect(screen.getByText("Total").parentElement).toHaveTextContent("-€10.50");
  const dialog = await confirm(user, "F2026000001");
  expect(dialog).toHaveTextContent("€49.50");
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent).toMatchObject([
    { kind: "difference", lines: [{ concept: "Discount", quantity: "1.00", unitPrice: "-10.50" }] },
  ]);
});

test("a replacement begins with what the invoice said and may have another addressee", async () => {
  const { user } = await rectify("Replace");
  expect(screen.getByLabelText(/^Concept/)).toHaveValue("Session");
  await user.clear(screen.getByLabelText(/^Full name/));
  await user.type(screen.getByLabelText(/^Full name/), "Acme SL");
  await confirm(user, "F2026000001");
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent).toMatchObject([
    { kind: "replacement", fullName: "Acme SL", lines: [{ concept: "Session", unitPrice: "60.00" }] },
  ]);
});
