/** The shapes on the wire. */

export interface Collection<T> {
  member: T[];
  totalItems: number;
  totalItemsExact: boolean;
  view: { "@id": string; first?: string | null; previous?: string | null; next?: string | null };
}

export type Role = "ROLE_RECEPTIONIST" | "ROLE_PRACTITIONER" | "ROLE_USER" | "ROLE_ADMIN";

export interface User {
  id: string;
  email: string;
  name: string;
  roles: Role[];
  status: "active" | "disabled";
  locale: "en" | "es";
  practitioner: boolean;
  colour: string;
  version: number;
}

export interface PatientSummary {
  id: string;
  number: number;
  firstName: string;
  lastName: string;
  fullName: string;
  dateOfBirth: string | null;
  taxId: string | null;
  phone: string | null;
  email: string | null;
  status: "active" | "inactive";
  version: number;
}

export interface ClinicalBackground {
  allergies?: string | null;
  medication?: string | null;
  systemicDiseases?: string | null;
  surgeries?: string | null;
  accidents?: string | null;
  injuries?: string | null;
  bruxism?: string | null;
  insoles?: string | null;
  others?: string | null;
}

export interface PatientInput extends ClinicalBackground {
  firstName: string;
  lastName: string;
  dateOfBirth?: string | null;
  taxId?: string | null;
  phone?: string | null;
  email?: string | null;
  address?: string | null;
  profession?: string | null;
  sportsActivity?: string | null;
  rate?: string | null;
  notes?: string | null;
  status?: "active" | "inactive";
  customerId?: string | null;
}

export interface Patient extends PatientInput {
  id: string;
  number: number;
  fullName: string;
  status: "active" | "inactive";
  taxIdWarning: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export interface RecordInput {
  patientId: string;
  date: string;
  physiotherapyTreatment: string;
  consultationReason?: string | null;
  onset?: string | null;
  radiologyTests?: string | null;
  evolution?: string | null;
  currentSituation?: string | null;
  medicalTreatment?: string | null;
  homeTreatment?: string | null;
  notes?: string | null;
  sickLeave: boolean;
}

export interface ClinicalRecord extends RecordInput {
  id: string;
  number: number;
  authorId: string;
  authorName: string;
  createdAt: string;
}

export interface Practitioner {
  id: string;
  name: string;
  colour: string;
  initials: string;
  active: boolean;
}

export interface AppointmentInput {
  practitionerId: string;
  patientId: string | null;
  title: string | null;
  allDay: boolean;
  startsAt: string;
  endsAt: string;
  type: "appointment" | "other";
  notes: string | null;
}

export interface Appointment {
  id: string;
  practitionerId: string;
  patientId: string | null;
  patientName: string | null;
  title: string | null;
  allDay: boolean;
  startsAt: string;
  endsAt: string;
  type: "appointment" | "other";
  notes: string | null;
  status: "scheduled" | "attended" | "missed" | "cancelled";
  statusReason: string | null;
  version: number;
}

/** What is in the way of a booking: the `conflict` member of /problems/appointment-overlaps. */
export interface AppointmentConflict {
  appointmentId: string;
  startsAt: string;
  endsAt: string;
  title: string | null;
  with: "practitioner" | "patient";
}

export interface InvoiceLineInput {
  concept: string;
  description: string | null;
  quantity: string;
  unitPrice: string;
}

export interface InvoiceInput {
  date: string;
  customerId: string | null;
  patientId: string | null;
  fullName: string;
  taxId: string | null;
  address: string;
  phone: string | null;
  email: string | null;
  lines: InvoiceLineInput[];
}

export interface InvoicePrefill {
  patientId: string | null;
  customerId: string | null;
  fullName: string | null;
  taxId: string | null;
  address: string | null;
  phone: string | null;
  email: string | null;
}

export interface InvoiceSummary {
  id: string;
  number: number | string;
  displayNumber: string;
  date: string;
  fullName: string;
  taxId: string | null;
  patientId: string | null;
  customerId: string | null;
  currency: string;
  amount: string;
  status: string;
}

export interface Invoice extends InvoiceSummary {
  address: string;
  phone: string | null;
  email: string | null;
  lines: (InvoiceLineInput & { amount: string })[];
}

export interface DashboardStats {
  totalPatients: number | null;
  appointmentsToday: number | null;
  othersToday: number | null;
  invoicesThisYear: number | null;
  revenueThisMonth: string | null;
  unavailable: string[];
}
