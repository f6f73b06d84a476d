/** The customer form's fields: limits as billing has them, and the way between inputs and the wire. */
import * as z from "zod/mini";
import type { Customer, CustomerInput } from "@/api/types";
import type { MessageKey } from "@/i18n/language";

const REQUIRED: MessageKey = "form.required";
const TOO_LONG: MessageKey = "form.tooLong";
const EMAIL: MessageKey = "form.email";

const text = (limit: number) => z.string().check(z.maxLength(limit, TOO_LONG));
const requiredText = (limit: number) => text(limit).check(z.refine((value) => value.trim() !== "", REQUIRED));

export const customerSchema = z
  .object({
    kind: z.enum(["person", "company"]),
    firstName: requiredText(100),
    lastName: text(100),
    taxId: requiredText(20),
    email: text(180).check(z.refine((value) => value === "" || /^\S+@\S+\.\S+$/.test(value), EMAIL)),
    phone: text(50),
    billingAddress: requiredText(500),
  })
  .check(
    z.refine(({ kind, lastName }) => kind === "company" || lastName.trim() !== "", {
      path: ["lastName"],
      error: REQUIRED,
    }),
  );

export type CustomerForm = z.infer<typeof customerSchema>;

export const toCustomerForm = (customer: Partial<Customer>): CustomerForm => ({
  kind: customer.kind ?? "person",
  firstName: customer.firstName ?? "",
  lastName: customer.lastName ?? "",
  taxId: customer.taxId ?? "",
  email: customer.email ?? "",
  phone: customer.phone ?? "",
  billingAddress: customer.billingAddress ?? "",
});

export const toCustomerInput = (form: CustomerForm): CustomerInput => ({
  kind: form.kind,
  firstName: form.firstName.trim(),
  lastName: form.kind === "company" ? null : form.lastName.trim() || null,
  taxId: form.taxId.trim(),
  email: form.email.trim() || null,
  phone: form.phone.trim() || null,
  billingAddress: form.billingAddress.trim(),
});

/** What was typed of an addressee, as a customer to be completed: the first word is taken for the first name. */
export function fromTyped(typed: {
  fullName: string;
  taxId: string;
  address: string;
  phone: string;
  email: string;
}): Partial<Customer> {
  const [firstName = "", ...rest] = typed.fullName.trim().split(/\s+/);
  const { taxId, phone, email, address: billingAddress } = typed;
  return { firstName, lastName: rest.join(" "), taxId, phone, email, billingAddress };
}
