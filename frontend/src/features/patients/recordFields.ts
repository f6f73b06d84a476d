/** The texts of a clinical record, in the order a session is told. */

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
