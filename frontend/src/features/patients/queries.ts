/** What the patients' screens read; apart from the components so that route loaders stay small. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { listChanges } from "@/api/audit";
import { listUsers } from "@/api/identity";
import {
  type AccessQuery,
  everyAccess,
  everyRecord,
  listAccesses,
  listPatients,
  listRecords,
  listVersions,
  newestRecord,
  type PatientsQuery,
  previewErasure,
  readPatient,
  readRecord,
} from "@/api/patients";

export const patientsQuery = (query: PatientsQuery) =>
  queryOptions({
    queryKey: ["patients", "list", query],
    queryFn: ({ signal }) => listPatients(query, signal),
    placeholderData: keepPreviousData,
  });

export const patientQuery = (id: string) =>
  queryOptions({ queryKey: ["patients", id], queryFn: ({ signal }) => readPatient(id, signal) });

export const recordsQuery = (patientId: string, page: number) =>
  queryOptions({
    queryKey: ["records", patientId, page],
    queryFn: ({ signal }) => listRecords(patientId, page, signal),
    placeholderData: keepPreviousData,
  });

/** What a new record is carried forward from, or null before the first one. */
export const newestRecordQuery = (patientId: string) =>
  queryOptions({
    queryKey: ["records", patientId, "newest"],
    queryFn: ({ signal }) => newestRecord(patientId, signal),
  });

export const everyRecordQuery = (patientId: string) =>
  queryOptions({
    queryKey: ["records", patientId, "all"],
    queryFn: ({ signal }) => everyRecord(patientId, signal),
  });

/** The latest version of the record that `id` is a version of: only that one can be corrected. */
export const latestVersionQuery = (patientId: string, id: string) =>
  queryOptions({
    queryKey: ["records", patientId, "latest", id],
    queryFn: async ({ signal }) => {
      const record = await readRecord(id, signal);
      return record.latest ? record : ((await listVersions(id, signal))[0] ?? record);
    },
  });

export const versionsQuery = (patientId: string, id: string) =>
  queryOptions({
    queryKey: ["records", patientId, "versions", id],
    queryFn: ({ signal }) => listVersions(id, signal),
  });

export const accessesQuery = (query: AccessQuery) =>
  queryOptions({
    queryKey: ["accesses", query],
    queryFn: ({ signal }) => listAccesses(query, signal),
    placeholderData: keepPreviousData,
  });

export const everyAccessQuery = (patientId: string) =>
  queryOptions({
    queryKey: ["accesses", "all", patientId],
    queryFn: ({ signal }) => everyAccess({ patientId }, signal),
  });

export const staffQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => listUsers(signal),
  select: (collection) => collection.member,
  staleTime: 60_000,
});

export const changesQuery = (patientId: string) =>
  queryOptions({
    queryKey: ["changes", patientId],
    queryFn: ({ signal }) => listChanges("Patient", patientId, signal),
    select: (collection) => collection.member,
  });

export const erasurePreviewQuery = (patientId: string) =>
  queryOptions({
    queryKey: ["patients", patientId, "erasure"],
    queryFn: ({ signal }) => previewErasure(patientId, signal),
    gcTime: 0,
  });
