/** Answers requests as the services would, per test. */
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import type {
  ClinicalRecord,
  Collection,
  Customer,
  Invoice,
  Patient,
  PatientSummary,
  User,
} from "@/api/types";

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

export const CUSTOMER: Customer = {
  id: "0193a1b2-0000-7000-8000-0000000000b1",
  kind: "company",
  firstName: "Acme Ñandú SL",
  lastName: null,
  fullName: "Acme Ñandú SL",
  taxId: "B12345674",
  taxIdWarning: false,
  email: "facturas@acme.test",
  phone: null,
  billingAddress: "Gran Vía 1, 28013 Madrid",
  version: 2,
  createdAt: "2026-11-01T09:00:00+01:00",
  updatedAt: "2026-11-01T09:00:00+01:00",
};

export const INVOICE: Invoice = {
  id: "0193a1b2-0000-7000-8000-0000000000e1",
  series: "F",
  number: "2026000001",
  displayNumber: "F2026000001",
  kind: "ordinary",
  date: "2026-11-20",
  dueDate: "2026-12-20",
  fullName: PATIENT.fullName,
  taxId: PATIENT.taxId,
  address: "Calle Mayor 1",
  phone: null,
  email: null,
  patientId: PATIENT.id,
  customerId: null,
  currency: "EUR",
  amount: "60.00",
  due: "60.00",
  paid: "0.00",
  outstanding: "60.00",
  status: "issued",
  paymentStatus: "unpaid",
  rectifiesId: null,
  createdAt: "2026-11-20T09:00:00+01:00",
  lines: [
    {
      concept: "Session",
      description: null,
      quantity: "1.00",
      unitPrice: "60.00",
      amount: "60.00",
      appointmentId: null,
      packSessions: null,
    },
  ],
  payments: [],
  reason: null,
  related: [],
  version: 1,
  updatedAt: "2026-11-20T09:00:00+01:00",
};
