/** The invoice form's fields: limits as billing has them, and the way to the wire. */
import * as z from "zod/mini";
import type {
  DraftInput,
  Invoice,
  InvoiceDraft,
  InvoiceInput,
  InvoicePrefill,
  Line,
  LineInput,
  PrefillLine,
} from "@/api/types";
import type { MessageKey } from "@/i18n/language";
import { asDecimal, asTyped, asTypedQuantity, hundredths } from "./cents";

const REQUIRED: MessageKey = "form.required";
const TOO_LONG: MessageKey = "form.tooLong";
const MONEY: MessageKey = "form.money";
const QUANTITY: MessageKey = "form.quantity";
const EMAIL: MessageKey = "form.email";
const SESSIONS: MessageKey = "form.sessions";

const text = (limit: number) => z.string().check(z.maxLength(limit, TOO_LONG));
const requiredText = (limit: number) => text(limit).check(z.refine((value) => value.trim() !== "", REQUIRED));
const within = (least: number, most: number, error: MessageKey) =>
  z.refine<string>((value) => {
    const amount = hundredths(value);
    return amount !== null && amount >= least && amount <= most;
  }, error);
const isPackSize = z.refine<string>(
  (value) => /^\d{1,3}$/.test(value.trim()) && +value >= 1 && +value <= 200,
  SESSIONS,
);

const MOST_PRICE = 99_999_999;
const MOST_QUANTITY = 1_000_000;

const schema = (leastPrice: number, reason: ReturnType<typeof text>) =>
  z.object({
    date: z.string().check(z.minLength(1, REQUIRED)),
    /** Empty: as many days later as the clinic gives. */
    dueDate: z.string(),
    customerId: z.nullable(z.string()),
    patientId: z.nullable(z.string()),
    fullName: requiredText(201),
    taxId: text(20),
    address: requiredText(500),
    phone: text(50),
    email: text(180).check(z.refine((value) => value === "" || /^\S+@\S+\.\S+$/.test(value), EMAIL)),
    lines: z.array(
      z.object({
        concept: requiredText(255),
        description: text(2000),
        quantity: z.string().check(within(1, MOST_QUANTITY, QUANTITY)),
        unitPrice: z.string().check(within(leastPrice, MOST_PRICE, MONEY)),
        appointmentId: z.nullable(z.string()),
        /** Null where the line sells no pack. */
        packSessions: z.nullable(z.string().check(isPackSize)),
      }),
    ),
    /** Only an issued invoice that is edited has one. */
    number: z.string(),
    /** Of a rectification. */
    reason,
  });

export const invoiceSchema = schema(0, text(500));
export const replacementSchema = schema(0, requiredText(500));
export const differenceSchema = schema(-MOST_PRICE, requiredText(500));

export type InvoiceForm = z.infer<typeof invoiceSchema>;
export type LineForm = InvoiceForm["lines"][number];

export const PACK_SIZE = 10;

export const emptyLine = (rate: string | null = null): LineForm => ({
  concept: "",
  description: "",
  quantity: "1",
  unitPrice: rate ? asTyped(rate) : "",
  appointmentId: null,
  packSessions: null,
});

export const packLine = (concept: string): LineForm => ({
  ...emptyLine(),
  concept,
  packSessions: String(PACK_SIZE),
});

type WrittenLine = PrefillLine | Omit<Line, "amount">;

export const toLine = (line: WrittenLine): LineForm => ({
  concept: line.concept,
  description: line.description ?? "",
  quantity: asTypedQuantity(line.quantity),
  unitPrice: line.unitPrice === null ? "" : asTyped(line.unitPrice),
  appointmentId: line.appointmentId,
  packSessions: "packSessions" in line && line.packSessions ? String(line.packSessions) : null,
});

type Addressee = Pick<InvoiceDraft, "fullName" | "taxId" | "address" | "phone" | "email">;

export const toAddressee = (who: Addressee | null) => ({
  fullName: who?.fullName ?? "",
  taxId: who?.taxId ?? "",
  address: who?.address ?? "",
  phone: who?.phone ?? "",
  email: who?.email ?? "",
});

/** A new invoice: who pays, and the lines that are offered, all ticked. */
export function fromPrefill(
  prefill: InvoicePrefill | null,
  today: string,
  pack: LineForm | null,
): InvoiceForm {
  const offered = [...(prefill?.lines ?? []).map(toLine), ...(pack ? [pack] : [])];
  return {
    date: today,
    dueDate: "",
    customerId: prefill?.customerId ?? null,
    patientId: prefill?.patientId ?? null,
    ...toAddressee(prefill),
    lines: offered.length > 0 ? offered : [emptyLine(prefill?.rate)],
    number: "",
    reason: "",
  };
}

/** What was written before: a draft or an issued invoice. */
export function fromWritten(written: InvoiceDraft | Invoice, today: string): InvoiceForm {
  return {
    date: written.date ?? today,
    dueDate: written.dueDate ?? "",
    customerId: written.customerId,
    patientId: written.patientId,
    ...toAddressee(written),
    lines: written.lines.length > 0 ? written.lines.map(toLine) : [emptyLine()],
    number: "number" in written ? written.number : "",
    reason: "",
  };
}

const decimal = (typed: string) => asDecimal(hundredths(typed) ?? 0);

export const toWireLine = (line: LineForm): LineInput => ({
  concept: line.concept.trim(),
  description: line.description.trim() || null,
  quantity: decimal(line.quantity),
  unitPrice: decimal(line.unitPrice),
  appointmentId: line.appointmentId,
  packSessions: line.packSessions === null ? null : Number(line.packSessions) || PACK_SIZE,
});

export function toInvoiceInput(form: InvoiceForm): InvoiceInput {
  return {
    date: form.date,
    dueDate: form.dueDate || null,
    customerId: form.customerId,
    patientId: form.patientId,
    fullName: form.fullName.trim(),
    taxId: form.taxId.trim() || null,
    address: form.address.trim(),
    phone: form.phone.trim() || null,
    email: form.email.trim() || null,
    lines: form.lines.map(toWireLine),
  };
}

/** A draft may be incomplete: what is not yet written is left out, and lines that say nothing. */
export function toDraftInput(form: InvoiceForm): DraftInput {
  const input = toInvoiceInput({ ...form, lines: form.lines.filter((line) => !isBlank(line)) });
  return {
    ...input,
    date: input.date || null,
    fullName: input.fullName || null,
    address: input.address || null,
  };
}

export const isBlank = ({ concept, description, appointmentId, packSessions }: LineForm): boolean =>
  concept.trim() === "" && description.trim() === "" && appointmentId === null && packSessions === null;
