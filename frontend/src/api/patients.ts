/** Patients' calls: the registry and the clinical records. */
import { create, get, replace } from "./http";
import type { ClinicalRecord, Collection, Patient, PatientInput, PatientSummary, RecordInput } from "./types";

export interface PatientsQuery {
  search?: string;
  status?: "active" | "inactive" | "all";
  order?: "latest" | "alpha";
  page?: number;
  itemsPerPage?: number;
}

export const listPatients = (query: PatientsQuery, signal?: AbortSignal) =>
  get<Collection<PatientSummary>>("/patients", query, signal);
export const readPatient = (id: string, signal?: AbortSignal) =>
  get<Patient>(`/patients/${id}`, undefined, signal);
export const registerPatient = (input: PatientInput, idempotencyKey: string) =>
  create<Patient>("/patients", input, idempotencyKey);
export const changePatient = (id: string, input: PatientInput, version: number) =>
  replace<Patient>(`/patients/${id}`, input, `"${version}"`);

export const listRecords = (patientId: string, page: number, signal?: AbortSignal) =>
  get<Collection<ClinicalRecord>>("/records", { patientId, page }, signal);
export const writeRecord = (input: RecordInput, idempotencyKey: string) =>
  create<ClinicalRecord>("/records", input, idempotencyKey);
