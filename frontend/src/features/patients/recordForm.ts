/** The clinical record's form. */
import * as z from "zod/mini";
import type { RecordInput } from "@/api/types";
import type { MessageKey } from "@/i18n/language";
import { RECORD_TEXTS } from "./recordFields";

const REQUIRED: MessageKey = "form.required";
const TOO_LONG: MessageKey = "form.tooLong";
const text = z.string().check(z.maxLength(20_000, TOO_LONG));

export const recordSchema = z.object({
  date: z.string().check(z.minLength(1, REQUIRED)),
  physiotherapyTreatment: text.check(z.refine((value) => value.trim() !== "", REQUIRED)),
  consultationReason: text,
  onset: text,
  radiologyTests: text,
  evolution: text,
  currentSituation: text,
  medicalTreatment: text,
  homeTreatment: text,
  notes: text,
  sickLeave: z.boolean(),
});

export type RecordForm = z.infer<typeof recordSchema>;

export function emptyRecord(today: string): RecordForm {
  const texts = RECORD_TEXTS.map((name) => [name, ""]);
  return { ...Object.fromEntries(texts), date: today, sickLeave: false };
}

export function toRecordInput(form: RecordForm, patientId: string): RecordInput {
  const texts = RECORD_TEXTS.map((name) => [name, form[name].trim() || null]);
  return {
    ...Object.fromEntries(texts),
    patientId,
    date: form.date,
    sickLeave: form.sickLeave,
  } as RecordInput;
}
