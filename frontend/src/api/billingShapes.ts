/** Billing's wire shapes as its contract describes them. */

export type InvoiceSeries = "F" | "R";
export type PaymentStatus = "unpaid" | "part-paid" | "paid" | "overdue" | "to-refund" | "rectified";
export type PaymentMethod = "cash" | "card" | "transfer" | "bizum";

export interface CustomerInput {
  kind: "person" | "company";
  /** A company gives its whole name here. */
  firstName: string;
  lastName: string | null;
  taxId: string;
  email: string | null;
  phone: string | null;
  billingAddress: string;
}

export interface Customer extends CustomerInput {
  id: string;
  fullName: string;
  /** The check character of the Spanish identifier is wrong. */
  taxIdWarning: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export interface LineInput {
  concept: string;
  description: string | null;
  quantity: string;
  unitPrice: string;
  /** The visit that this line bills. */
  appointmentId: string | null;
  /** This line sells a pack of so many sessions. */
  packSessions: number | null;
}

export interface Line extends LineInput {
  amount: string;
}

interface Addressee {
  fullName: string;
  taxId: string | null;
  address: string;
  phone: string | null;
  email: string | null;
}

export interface InvoiceInput extends Addressee {
  date: string;
  dueDate: string | null;
  customerId: string | null;
  patientId: string | null;
  lines: LineInput[];
}

export type DraftInput = { [Field in keyof Omit<InvoiceInput, "lines">]: InvoiceInput[Field] | null } & {
  lines: LineInput[];
};

export interface InvoiceDraft extends DraftInput {
  id: string;
  currency: string;
  amount: string;
  lines: Line[];
  version: number;
  createdAt: string;
  updatedAt: string;
}

export type DraftSummary = Omit<InvoiceDraft, "lines">;

export interface InvoiceSummary {
  id: string;
  series: InvoiceSeries;
  number: string;
  displayNumber: string;
  kind: "ordinary" | "replacement" | "difference";
  date: string;
  dueDate: string | null;
  fullName: string;
  taxId: string | null;
  patientId: string | null;
  customerId: string | null;
  currency: string;
  amount: string;
  /** What is to be paid on it, after rectifications. */
  due: string;
  paid: string;
  /** Negative: to be refunded. */
  outstanding: string;
  status: "issued" | "rectified";
  /** Null: a difference, on which nothing is paid. */
  paymentStatus: PaymentStatus | null;
  rectifiesId: string | null;
  createdAt: string;
}

export interface Payment {
  id: string;
  kind: "payment" | "refund";
  amount: string;
  method: PaymentMethod;
  date: string;
  createdAt: string;
}

export type PaymentInput = Pick<Payment, "kind" | "amount" | "method" | "date">;

export type RelatedInvoice = Pick<InvoiceSummary, "id" | "displayNumber" | "kind" | "date" | "amount">;

export interface Invoice extends InvoiceSummary {
  address: string;
  phone: string | null;
  email: string | null;
  lines: Line[];
  payments: Payment[];
  /** Of a rectification. */
  reason: string | null;
  related: RelatedInvoice[];
  version: number;
  updatedAt: string;
}

export interface RectificationInput extends Partial<Addressee> {
  kind: "replacement" | "difference";
  reason: string;
  date: string;
  dueDate?: string | null;
  customerId?: string | null;
  /** Absent for a difference: the whole invoice is cancelled. */
  lines?: Omit<LineInput, "packSessions">[];
}

export interface InvoiceTotals {
  count: number;
  amount: string;
  unpaid: string;
  currency: string;
}

export interface InvoiceSettings {
  editEnabled: boolean;
  prefix: string;
  rectifyingPrefix: string;
  dueDays: number;
  currency: string;
}

export interface NumberGaps {
  series: InvoiceSeries;
  year: number;
  first: string | null;
  last: string | null;
  total: number;
  /** At most a thousand of them. */
  missing: string[];
  missingCount: number;
}

export interface PrefillLine {
  concept: string;
  description: string | null;
  quantity: string;
  /** The patient's rate, where one is known. */
  unitPrice: string | null;
  appointmentId: string | null;
}

export interface InvoicePrefill {
  patientId: string | null;
  customerId: string | null;
  fullName: string;
  taxId: string | null;
  address: string | null;
  phone: string | null;
  email: string | null;
  rate: string | null;
  packBalance: number;
  /** Attended visits that neither an invoice nor a pack has paid, oldest first. */
  lines: PrefillLine[];
}

export interface Pack {
  id: string;
  patientId: string;
  invoiceId: string;
  invoiceDisplayNumber: string;
  concept: string;
  sessions: number;
  used: number;
  left: number;
  soldOn: string;
  /** When its invoice was cancelled. */
  closedAt: string | null;
  uses: { appointmentId: string; startsAt: string }[];
}
