/** The wire's shapes under the names the screens use; generated from contracts/http by `npm run api`. */
export type {
  CustomerInput,
  CustomerOutput as Customer,
  DraftInput,
  DraftOutput as InvoiceDraft,
  DraftSummary,
  InvoiceEdit,
  InvoiceInput,
  InvoiceOutput as Invoice,
  InvoicePrefill,
  InvoiceSettings,
  InvoiceSummary,
  InvoiceTotals,
  LineInput,
  LineOutput as Line,
  Method as PaymentMethod,
  NumberGaps,
  PackOutput as Pack,
  PaymentInput,
  PaymentOutput as Payment,
  PaymentStatus,
  PrefillLine,
  RectificationInput,
  Series as InvoiceSeries,
} from "./generated/billing/types.gen";
export type { AuditEntry, DashboardStats } from "./generated/gateway/types.gen";
export type { MePatch, Role, TokenOutput as Grant, UserOutput as User } from "./generated/identity/types.gen";
export type {
  AccessOutput as Access,
  CorrectionInput,
  ErasureOutput as Erasure,
  PatientInput,
  PatientOutput as Patient,
  PatientSummary,
  RecordInput,
  RecordOutput as ClinicalRecord,
} from "./generated/patients/types.gen";
export type {
  AppointmentInput,
  AppointmentOutput as Appointment,
  AppointmentPatch,
  CalendarFeedAddress,
  CalendarFeedOutput as CalendarFeed,
  CancellationInput,
  CheckedSeries,
  FreeStart,
  GapRange,
  GapsDeleted,
  GapsGenerated,
  PractitionerOutput as Practitioner,
  ReminderOutput as Reminder,
  ReminderSettings,
  ReminderState,
  SeriesInput,
  SeriesOutput as Series,
  SeriesPatch,
  TimeOffInput,
  TimeOffOutput as TimeOff,
  VisitOutput as Visit,
  WaitingInput,
  WaitingOutput as WaitingEntry,
  WaitingStatus,
  WeekGridInput,
  WeekGridOutput as WeekGrid,
} from "./generated/scheduling/types.gen";

import type { CollectionPatientSummary, PatientSummary } from "./generated/patients/types.gen";

import type { OccurrenceOutput, WeeklyInput } from "./generated/scheduling/types.gen";

export type Weekday = WeeklyInput["weekdays"][number];

/** What is in the way of one session of a series: an appointment, or time off of the practitioner or the clinic. */
export interface SeriesConflict {
  startsAt: string;
  endsAt: string;
  title: string | null;
  with: "practitioner" | "patient" | "clinic";
  timeOffId?: string;
}

export type Occurrence = Omit<OccurrenceOutput, "conflict"> & { conflict: SeriesConflict | null };

/** Every collection answers in this shape. */
export type Collection<T> = Omit<CollectionPatientSummary, "member"> & { member: T[] };

/** What is in the way of a booking: the `conflict` member of /problems/appointment-overlaps and during-time-off. */
export interface AppointmentConflict {
  appointmentId?: string;
  timeOffId?: string;
  startsAt: string;
  endsAt: string;
  title: string | null;
  with: "practitioner" | "patient" | "clinic";
}

/** Somebody the registry knows who may be the one being registered: the `matches` of patient-likely-duplicate. */
export type LikelyMatch = Pick<
  PatientSummary,
  "id" | "number" | "fullName" | "dateOfBirth" | "phone" | "taxId" | "email" | "status"
> & { reasons: ("name-and-birth-date" | "phone" | "tax-id")[] };
