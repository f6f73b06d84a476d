/** The fields of a clinical record; apart from the form so that the pages do not load its validation. */
import type { ClinicalRecord } from "@/api/types";

/** In the order a session is told. */
export const RECORD_TEXTS = [
  "consultationReason",
  "onset",
  "currentSituation",
  "radiologyTests",
  "medicalTreatment",
  "physiotherapyTreatment",
  "evolution",
  "homeTreatment",
  "notes",
] as const;

export type RecordText = (typeof RECORD_TEXTS)[number];

export const writtenTexts = (record: ClinicalRecord) => RECORD_TEXTS.filter((name) => record[name]);

export const differingTexts = (before: ClinicalRecord, after: ClinicalRecord) =>
  RECORD_TEXTS.filter((name) => (before[name] ?? "") !== (after[name] ?? ""));
