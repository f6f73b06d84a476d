/** Patients' calls: the registry, the clinical records, who opened them, and what a data subject may ask for. */
import type { Locale } from "@/i18n/language";
import { everyPage } from "./everyPage";
import { create, download, get, merge, replace } from "./http";
import type {
  Access,
  ClinicalRecord,
  Collection,
  CorrectionInput,
  Erasure,
  Patient,
  PatientInput,
  PatientSummary,
  RecordInput,
} from "./types";

export interface PatientsQuery {
  search?: string;
  fuzzy?: boolean;
  status?: "active" | "inactive" | "all" | "erased";
  order?: "latest" | "alpha";
  page?: number;
  itemsPerPage?: number;
}

export interface AccessQuery {
  patientId?: string;
  actorId?: string;
  /** YYYY-MM-DD, the clinic's days, both inclusive */
  from?: string;
  to?: string;
  page?: number;
  itemsPerPage?: number;
}

const etag = (version: number) => `"${version}"`;

export const listPatients = (query: PatientsQuery, signal?: AbortSignal) =>
  get<Collection<PatientSummary>>("/patients", query, signal);
export const readPatient = (id: string, signal?: AbortSignal) =>
  get<Patient>(`/patients/${id}`, undefined, signal);
/** `force` registers although the registry knows somebody very alike. */
export const registerPatient = (input: PatientInput, force: boolean, idempotencyKey: string) =>
  create<Patient>("/patients", { ...input, force }, idempotencyKey);
export const changePatient = (id: string, input: PatientInput, version: number) =>
  replace<Patient>(`/patients/${id}`, input, etag(version));
export const changeStatus = (id: string, status: Patient["status"], version: number) =>
  merge<Patient>(`/patients/${id}`, { status }, etag(version));

export const listRecords = (patientId: string, page: number, signal?: AbortSignal) =>
  get<Collection<ClinicalRecord>>("/records", { patientId, page }, signal);
export const everyRecord = (patientId: string, signal?: AbortSignal) =>
  everyPage((page) =>
    get<Collection<ClinicalRecord>>("/records", { patientId, page, itemsPerPage: 200 }, signal),
  );
export const newestRecord = async (patientId: string, signal?: AbortSignal) =>
  (await get<Collection<ClinicalRecord>>("/records", { patientId, itemsPerPage: 1 }, signal)).member[0] ??
  null;
export const readRecord = (id: string, signal?: AbortSignal) =>
  get<ClinicalRecord>(`/records/${id}`, undefined, signal);
/** All versions of the record that `id` is one version of, newest first. */
export const listVersions = (id: string, signal?: AbortSignal) =>
  everyPage((page) =>
    get<Collection<ClinicalRecord>>(`/records/${id}/corrections`, { page, itemsPerPage: 200 }, signal),
  );
export const writeRecord = (input: RecordInput, idempotencyKey: string) =>
  create<ClinicalRecord>("/records", input, idempotencyKey);
export const correctRecord = (id: string, input: CorrectionInput, idempotencyKey: string) =>
  create<ClinicalRecord>(`/records/${id}/corrections`, input, idempotencyKey);

export const listAccesses = (query: AccessQuery, signal?: AbortSignal) =>
  get<Collection<Access>>("/access-log", query, signal);
export const everyAccess = (query: AccessQuery, signal?: AbortSignal) =>
  everyPage((page) => listAccesses({ ...query, page, itemsPerPage: 200 }, signal));

export const copyAsJson = (id: string, locale: Locale) => download(`/patients/${id}/copy`, { locale });
export const copyAsPdf = (id: string, locale: Locale) =>
  download(`/patients/${id}/copy/pdf`, { locale, download: 1 });

export const previewErasure = (id: string, signal?: AbortSignal) =>
  get<Erasure>(`/patients/${id}/erasure`, undefined, signal);
export const erasePatient = (id: string, reason: string, version: number, idempotencyKey: string) =>
  create<Erasure>(`/patients/${id}/erasure`, { reason }, idempotencyKey, etag(version));
