/** The invoice form's fields: limits as billing has them, and the way to the wire. */
import * as z from "zod/mini";
import type { InvoiceInput, InvoicePrefill } from "@/api/types";
import type { MessageKey } from "@/i18n/language";
import { asDecimal, hundredths } from "./cents";

const REQUIRED: MessageKey = "form.required";
const TOO_LONG: MessageKey = "form.tooLong";
const MONEY: MessageKey = "form.money";
const QUANTITY: MessageKey = "form.quantity";
const EMAIL: MessageKey = "form.email";

const text = (limit: number) => z.string().check(z.maxLength(limit, TOO_LONG));
const requiredText = (limit: number) => text(limit).check(z.refine((value) => value.trim() !== "", REQUIRED));
const within = (least: number, most: number, error: MessageKey) =>
  z.refine<string>((value) => {
    const amount = hundredths(value);
    return amount !== null && amount >= least && amount <= most;
  }, error);

const MOST_PRICE = 99_999_999;
const MOST_QUANTITY = 1_000_000;

export const invoiceSchema = z.object({
  date: z.string().check(z.minLength(1, REQUIRED)),
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
      unitPrice: z.string().check(within(0, MOST_PRICE, MONEY)),
    }),
  ),
});

export type InvoiceForm = z.infer<typeof invoiceSchema>;

export const EMPTY_LINE: InvoiceForm["lines"][number] = {
  concept: "",
  description: "",
  quantity: "1",
  unitPrice: "",
};

export function toInvoiceForm(prefill: InvoicePrefill | null, today: string): InvoiceForm {
  return {
    date: today,
    fullName: prefill?.fullName ?? "",
    taxId: prefill?.taxId ?? "",
    address: prefill?.address ?? "",
    phone: prefill?.phone ?? "",
    email: prefill?.email ?? "",
    lines: [EMPTY_LINE],
  };
}

export function toInvoiceInput(form: InvoiceForm, prefill: InvoicePrefill | null): InvoiceInput {
  const decimal = (typed: string) => asDecimal(hundredths(typed) ?? 0);
  return {
    date: form.date,
    customerId: prefill?.customerId ?? null,
    patientId: prefill?.patientId ?? null,
    fullName: form.fullName.trim(),
    taxId: form.taxId.trim() || null,
    address: form.address.trim(),
    phone: form.phone.trim() || null,
    email: form.email.trim() || null,
    lines: form.lines.map((line) => ({
      concept: line.concept.trim(),
      description: line.description.trim() || null,
      quantity: decimal(line.quantity),
      unitPrice: decimal(line.unitPrice),
    })),
  };
}
