/** The patient form's fields: limits as the registry has them, and the way between inputs and the wire. */
import * as z from "zod/mini";
import type { Patient, PatientInput } from "@/api/types";
import type { MessageKey } from "@/i18n/language";
import { CLINICAL_FIELDS, type PatientField, REGISTRY_FIELDS } from "./patientFields";

const REQUIRED: MessageKey = "form.required";
const TOO_LONG: MessageKey = "form.tooLong";
const text = (limit: number) => z.string().check(z.maxLength(limit, TOO_LONG));
const requiredText = (limit: number) => text(limit).check(z.refine((value) => value.trim() !== "", REQUIRED));
const blankOr = (pattern: RegExp, error: MessageKey) =>
  z.refine<string>((value) => value === "" || pattern.test(value), error);

export const patientSchema = z.object({
  firstName: requiredText(50),
  lastName: requiredText(100),
  dateOfBirth: z.string(),
  taxId: text(15),
  phone: text(50),
  email: text(100).check(blankOr(/^\S+@\S+\.\S+$/, "form.email")),
  address: text(250),
  profession: text(250),
  sportsActivity: text(250),
  rate: z.string().check(blankOr(/^\d{1,6}([.,]\d{1,2})?$/, "form.money")),
  notes: text(2000),
  allergies: text(2000),
  medication: text(2000),
  systemicDiseases: text(2000),
  surgeries: text(2000),
  accidents: text(2000),
  injuries: text(2000),
  bruxism: text(2000),
  insoles: text(2000),
  others: text(2000),
  emailReminders: z.boolean(),
  /** Empty for the clinic's. */
  language: z.enum(["", "es", "en"]),
});

export type PatientForm = z.infer<typeof patientSchema>;

const fields = (mayEditClinical: boolean): readonly PatientField[] =>
  mayEditClinical ? [...REGISTRY_FIELDS, ...CLINICAL_FIELDS] : REGISTRY_FIELDS;

export function toForm(patient: Patient | null): PatientForm {
  const texts = fields(true).map((name) => [name, patient?.[name] ?? ""]);
  const writing = { emailReminders: patient?.emailReminders ?? false, language: patient?.language ?? "" };
  return { ...Object.fromEntries(texts), ...writing } as PatientForm;
}

/** Roles without clinical rights neither receive nor send the clinical background. */
export function toInput(form: PatientForm, mayEditClinical: boolean, patient: Patient | null): PatientInput {
  const texts = fields(mayEditClinical).map((name) => [name, form[name].trim() || null]);
  return {
    ...Object.fromEntries(texts),
    rate: form.rate.trim().replace(",", ".") || null,
    status: patient?.status ?? "active",
    customerId: patient?.customerId ?? null,
    emailReminders: form.emailReminders,
    language: form.language || null,
  };
}

const compared = (value: string | boolean) => (typeof value === "string" ? value.trim() : value);

export function differences(one: PatientForm, other: PatientForm): (keyof PatientForm)[] {
  const names: (keyof PatientForm)[] = [...fields(true), "emailReminders", "language"];
  return names.filter((name) => compared(one[name]) !== compared(other[name]));
}
