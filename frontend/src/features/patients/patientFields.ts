/** The names of a patient's fields; apart from the form so that the page does not load its validation. */

export const CLINICAL_FIELDS = [
  "allergies",
  "medication",
  "systemicDiseases",
  "surgeries",
  "accidents",
  "injuries",
  "bruxism",
  "insoles",
  "others",
] as const;

/** What a practitioner must see before touching the patient. */
export const ALERT_FIELDS = ["allergies", "medication", "systemicDiseases"] as const;

export const REGISTRY_FIELDS = [
  "firstName",
  "lastName",
  "dateOfBirth",
  "taxId",
  "phone",
  "email",
  "address",
  "profession",
  "sportsActivity",
  "rate",
  "notes",
] as const;

export type PatientField = (typeof REGISTRY_FIELDS)[number] | (typeof CLINICAL_FIELDS)[number];
