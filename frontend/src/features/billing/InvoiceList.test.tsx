/** The ledger's list: filters that ask billing, what they come to, states in words, and a file of it all. */
import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import type { InvoiceSummary } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { CUSTOMER, collection, INVOICE, server } from "../../../test/server";
import { InvoiceList } from "./InvoiceList";
import { addressOf, type InvoiceListState } from "./invoiceListState";

const PAID: InvoiceSummary = {
  ...INVOICE,
  id: "0193a1b2-0000-7000-8000-0000000000e2",
  displayNumber: "F2026000002",
  number: "2026000002",
  paid: "20.00",
  outstanding: "40.00",
  paymentStatus: "part-paid",
};
const DIFFERENCE: InvoiceSummary = {
  ...INVOICE,
  id: "0193a1b2-0000-7000-8000-0000000000e3",
  series: "R",
  displayNumber: "R2026000001",
  kind: "difference",
  amount: "-20.00",
  paymentStatus: null,
};

/** The names of the files the browser was handed. */
let saved: string[];
let asked: string[];
let addresses: object[];

function List({ begun = {} }: { begun?: Partial<InvoiceListState> }) {
  const [state, setState] = useState<InvoiceListState>({ search: "", page: 1, ...begun });
  addresses.push(addressOf(state));
  return (
    <InvoiceList state={state} onChange={(change) => setState((previous) => ({ ...previous, ...change }))} />
  );
}

beforeEach(() => {
  saved = [];
  URL.createObjectURL = () => "blob:file";
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  asked = [];
  addresses = [];
  server.use(
    http.get("/api/invoices", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(collection([INVOICE, PAID, DIFFERENCE]));
    }),
    http.get("/api/invoices/totals", ({ request }) => {
      const isOpen = request.url.includes("paymentStatus=open");
      return HttpResponse.json({
        count: isOpen ? 2 : 1234,
        amount: "98765.40",
        unpaid: "100.00",
        currency: "EUR",
      });
    }),
    http.get(`/api/customers/${CUSTOMER.id}`, () => HttpResponse.json(CUSTOMER)),
  );
});

test("each invoice says how far it is paid, in words", async () => {
  await renderScreen(<List />);
  const row = async (number: string) => (await screen.findByRole("link", { name: number })).closest("li");
  expect(await row("F2026000001")).toHaveTextContent("Unpaid");
  expect(await row("F2026000002")).toHaveTextContent(/Part paid.*€40.00 left/);
  expect(await row("R2026000001")).toHaveTextContent(/Difference.*-€20.00/);
});

test("the filters ask billing and stand in the address, without the search", async () => {
  const { user } = await renderScreen(<List begun={{ page: 3 }} />);
  await screen.findByRole("link", { name: "F2026000001" });
  await user.selectOptions(screen.getByRole("combobox", { name: "Payment" }), "Overdue");
  await user.selectOptions(screen.getByRole("combobox", { name: "Series" }), "Corrections");
  await user.selectOptions(screen.getByRole("combobox", { name: "Order" }), "By amount");
  await user.type(screen.getByRole("searchbox"), "muñoz");
  await waitFor(() =>
    expect(asked.at(-1)).toBe("?search=mu%C3%B1oz&paymentStatus=overdue&series=R&order=amount&page=1"),
  );
  expect(addresses.at(-1)).toEqual({ status: "overdue", series: "R", order: "amount" });
});

test("a period is a year or lies between two dates, never both", async () => {
  const { user } = await renderScreen(<List begun={{ year: 2025 }} />);
  const period = screen.getByRole("combobox", { name: "Year" });
  await user.selectOptions(period, "Between two dates");
  await user.type(screen.getByLabelText("From"), "2026-01-15");
  await waitFor(() => expect(addresses.at(-1)).toEqual({ from: "2026-01-15" }));
  await user.selectOptions(period, "All years");
  await waitFor(() => expect(addresses.at(-1)).toEqual({}));
  expect(screen.queryByLabelText("From")).not.toBeInTheDocument();
});

test("what the list comes to is told, and the unpaid sum leads to what is unpaid", async () => {
  const { user } = await renderScreen(<List />);
  const unpaid = await screen.findByRole("button", { name: "€100.00" });
  expect(screen.getByText("€98,765.40")).toBeInTheDocument();
  expect(screen.getByText("1,234")).toBeInTheDocument();
  await user.click(unpaid);
  await waitFor(() => expect(addresses.at(-1)).toEqual({ status: "open" }));
  expect(await screen.findByText("2", { selector: "dd" })).toBeInTheDocument();
});

test("the invoices of one customer are found by the customer, and the filter can be taken off", async () => {
  server.use(http.get("/api/customers", () => HttpResponse.json(collection([CUSTOMER]))));
  const { user } = await renderScreen(<List />);
  await user.type(await screen.findByRole("combobox", { name: "Customer" }), "acme");
  await user.click(await screen.findByRole("option", { name: /Acme/ }));
  await waitFor(() => expect(addresses.at(-1)).toEqual({ customer: CUSTOMER.id }));
  expect(await screen.findByDisplayValue("Acme Ñandú SL")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Remove the customer" }));
  await waitFor(() => expect(addresses.at(-1)).toEqual({}));
});

test("arrows walk between the search box and the invoices", async () => {
  const { user } = await renderScreen(<List />);
  await screen.findByRole("link", { name: "F2026000001" });
  await user.keyboard("/{ArrowDown}{ArrowDown}");
  expect(screen.getByRole("link", { name: "F2026000002" })).toHaveFocus();
  await user.keyboard("{ArrowUp}{ArrowUp}");
  expect(screen.getByRole("searchbox")).toHaveFocus();
});

test("finding nothing is not having nothing, and all filters go with one press", async () => {
  server.use(http.get("/api/invoices", () => HttpResponse.json(collection([]))));
  const { user } = await renderScreen(<List begun={{ status: "overdue", order: "number" }} />);
  expect(await screen.findByText("No invoices found")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Clear search and filters" }));
  expect(await screen.findByText("No invoices yet")).toBeInTheDocument();
  expect(addresses.at(-1)).toEqual({ order: "number" });
});

test("the list as it is filtered is fetched as a file, which tells of its progress and can be given up", async () => {
  let wanted = "";
  server.use(
    http.get("/api/invoices/export", ({ request }) => {
      wanted = new URL(request.url).search;
      const endless = new ReadableStream({
        start: (answer) => answer.enqueue(new Uint8Array(2048)),
      });
      return new HttpResponse(endless);
    }),
  );
  const { user } = await renderScreen(<List begun={{ status: "paid", page: 2 }} />);
  await user.click(await screen.findByRole("button", { name: "Export" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "Excel (XLSX)" }));
  await user.click(await within(dialog).findByRole("button", { name: "Cancel" }));
  await waitFor(() =>
    expect(within(dialog).queryByRole("button", { name: "Cancel" })).not.toBeInTheDocument(),
  );
  expect(wanted).toBe("?format=xlsx&locale=en&paymentStatus=paid&order=date");
  expect(saved).toEqual([]);
  expect(within(dialog).queryByRole("alert")).not.toBeInTheDocument();
});

test("the accountant's journal is of a year or of one of its months", async () => {
  const wanted: string[] = [];
  server.use(
    http.get("/api/invoices/journal", ({ request }) => {
      wanted.push(new URL(request.url).search);
      return new HttpResponse("date;number\n");
    }),
  );
  const { user } = await renderScreen(<List />);
  await user.click(await screen.findByRole("button", { name: "Export" }));
  const dialog = await screen.findByRole("dialog");
  const year = (within(dialog).getByLabelText("Year") as HTMLSelectElement).value;
  await user.selectOptions(within(dialog).getByLabelText("Month"), "March");
  await user.click(within(dialog).getByRole("button", { name: "Download the journal" }));
  await waitFor(() => expect(saved).toEqual([`journal-${year}-03.csv`]));
  expect(wanted).toEqual([`?year=${year}&month=3`]);
});
