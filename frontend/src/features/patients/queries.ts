/** What the patients' screens read; apart from the components so that route loaders stay small. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { listPatients, listRecords, type PatientsQuery, readPatient } from "@/api/patients";

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
