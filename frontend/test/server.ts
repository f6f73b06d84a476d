/** Answers requests as the services would, per test. */
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import type { ClinicalRecord, Collection, Patient, PatientSummary, User } from "@/api/types";

export const server = setupServer();

export const ADMIN: User = {
  id: "0193a1b2-0000-7000-8000-000000000001",
  email: "admin@clinic.local",
  name: "Ana Torres",
  roles: ["ROLE_ADMIN"],
  status: "active",
  locale: "en",
  practitioner: true,
  colour: "#0f766e",
  version: 1,
  createdAt: "2026-11-01T09:00:00+01:00",
  updatedAt: "2026-11-01T09:00:00+01:00",
};
export const RECEPTIONIST: User = { ...ADMIN, roles: ["ROLE_RECEPTIONIST"], practitioner: false };

export const PATIENT: Patient = {
  id: "0193a1b2-0000-7000-8000-0000000000a1",
  number: 7,
  firstName: "María José",
  lastName: "Muñoz García",
  fullName: "María José Muñoz García",
  dateOfBirth: "1984-05-12",
  taxId: "12345678Z",
  phone: "612 345 678",
  email: null,
  address: null,
  profession: null,
  sportsActivity: null,
  rate: null,
  notes: null,
  allergies: "Penicillin",
  medication: null,
  systemicDiseases: null,
  surgeries: null,
  accidents: null,
  injuries: null,
  bruxism: null,
  insoles: null,
  others: null,
  status: "active",
  customerId: null,
  emailReminders: false,
  language: null,
  taxIdWarning: false,
  erasedAt: null,
  version: 3,
  createdAt: "2026-11-01T09:00:00+01:00",
  updatedAt: "2026-11-01T09:00:00+01:00",
};

export function summary(number: number, fullName: string): PatientSummary {
  const [firstName = "", ...rest] = fullName.split(" ");
  const { dateOfBirth, taxId, phone, email, status, version, createdAt, updatedAt } = PATIENT;
  const lastName = rest.join(" ");
  const id = `0193a1b2-0000-7000-8000-${String(number).padStart(12, "0")}`;
  const known = { dateOfBirth, taxId, phone, email, status, version, createdAt, updatedAt };
  return { ...known, id, number, firstName, lastName, fullName } as PatientSummary;
}

export function collection<T>(member: T[]): Collection<T> {
  const view = { "@id": "/", first: "/", previous: null, next: null };
  return { member, totalItems: member.length, totalItemsExact: true, view };
}

export function refusal(status: number, code: string, members: object = {}) {
  const type = `/problems/${code}`;
  return HttpResponse.json({ type, title: code, status, detail: "", ...members }, { status });
}

export const signedOut = http.post("/api/token/refresh", () => refusal(401, "session-ended"));

export const RECORD: ClinicalRecord = {
  id: "0193a1b2-0000-7000-8000-0000000000c1",
  patientId: PATIENT.id,
  number: 2,
  revision: 1,
  date: "2026-11-12",
  physiotherapyTreatment: "Manual therapy of L4-L5",
  consultationReason: "Pain in the right leg",
  onset: null,
  radiologyTests: null,
  evolution: null,
  currentSituation: "VAS 7/10",
  medicalTreatment: null,
  homeTreatment: null,
  notes: null,
  sickLeave: true,
  authorId: ADMIN.id,
  authorName: "Ana Torres",
  createdAt: "2026-11-12T18:00:00+01:00",
  replacesId: null,
  correctionReason: null,
  latest: true,
};
