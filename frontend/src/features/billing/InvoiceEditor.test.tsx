/** Writing an invoice: prefilled, totalled while typing, confirmed once, sent with decimal strings. */
import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import { renderScreen } from "../../../test/render";
import { PATIENT, refusal, server } from "../../../test/server";
import { InvoiceEditor } from "./InvoiceEditor";

const PREFILL = {
  patientId: PATIENT.id,
  customerId: null,
  fullName: PATIENT.fullName,
  taxId: "12345678Z",
  address: "Calle Mayor 1",
  phone: null,
  email: null,
  lines: [],
};

async function writeInvoice() {
  const onIssued = vi.fn();
  const { user } = await renderScreen(
    <InvoiceEditor prefill={PREFILL} onIssued={onIssued} onCancel={() => {}} />,
  );
  await user.type(screen.getByLabelText(/^Concept/), "Session");
  await user.type(screen.getByLabelText(/^Price/), "60,00");
  return { user, onIssued };
}

test("the total follows the lines", async () => {
  const { user } = await writeInvoice();
  expect(screen.getByRole("status")).toHaveTextContent("€60.00");
  await user.click(screen.getByRole("button", { name: "Add line" }));
  const lines = screen.getAllByRole("listitem");
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
  await user.click(screen.getByRole("button", { name: "Generate invoice" }));
  await user.click(
    within(await screen.findByRole("dialog")).getByRole("button", { name: "Confirm issuance" }),
  );
  const price = await screen.findByLabelText(/^Price/);
  await waitFor(() => expect(price).toHaveAccessibleDescription("At most 999,999.99."));
});
