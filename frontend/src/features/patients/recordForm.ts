/** The clinical record's form: written new, carried forward from the newest record, or correcting one. */
import * as z from "zod/mini";
import type { ClinicalRecord, CorrectionInput, RecordInput } from "@/api/types";
import type { MessageKey } from "@/i18n/language";
import { RECORD_TEXTS, type RecordText } from "./recordFields";

const REQUIRED: MessageKey = "form.required";
const TOO_LONG: MessageKey = "form.tooLong";
const text = z.string().check(z.maxLength(20_000, TOO_LONG));
const isWritten = z.refine<string>((value) => value.trim() !== "", REQUIRED);

const written = {
  date: z.string().check(z.minLength(1, REQUIRED)),
  physiotherapyTreatment: text.check(isWritten),
  consultationReason: text,
  onset: text,
  radiologyTests: text,
  evolution: text,
  currentSituation: text,
  medicalTreatment: text,
  homeTreatment: text,
  notes: text,
  sickLeave: z.boolean(),
};
const reason = z.string().check(z.maxLength(500, TOO_LONG));

export const recordSchema = z.object({ ...written, reason });
export const correctionSchema = z.object({ ...written, reason: reason.check(isWritten) });

export type RecordForm = z.infer<typeof recordSchema>;

/** What the form begins from. */
export type RecordStart =
  | { kind: "new"; base: null }
  | { kind: "carried"; base: ClinicalRecord }
  | { kind: "correction"; base: ClinicalRecord };

export function startForm({ kind, base }: RecordStart, today: string): RecordForm {
  const texts = RECORD_TEXTS.map((name) => [name, base?.[name] ?? ""]);
  return {
    ...Object.fromEntries(texts),
    date: kind === "correction" ? base.date : today,
    sickLeave: base?.sickLeave ?? false,
    reason: "",
  };
}

function findings(form: RecordForm): Omit<RecordInput, "patientId"> {
  const texts = RECORD_TEXTS.map((name) => [name, form[name].trim() || null]);
  return { ...Object.fromEntries(texts), date: form.date, sickLeave: form.sickLeave };
}

export const toRecordInput = (form: RecordForm, patientId: string): RecordInput => ({
  ...findings(form),
  patientId,
});

export const toCorrectionInput = (form: RecordForm): CorrectionInput => ({
  ...findings(form),
  reason: form.reason.trim(),
});

/** The texts in which what is written differs from what it began from. */
export const changedTexts = (form: RecordForm, base: RecordForm): RecordText[] =>
  RECORD_TEXTS.filter((name) => form[name].trim() !== base[name].trim());
