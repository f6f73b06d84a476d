/** What the scheduling screens read; apart from the components so that route loaders stay small. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { clinic } from "@/api/clinic";
import { listOfPatient, listPractitioners, listWindow } from "@/api/scheduling";
import { addDays, toInstant, toWallTime } from "@/i18n/clinicTime";

export const practitionersQuery = queryOptions({
  queryKey: ["practitioners"],
  queryFn: ({ signal }) => listPractitioners(signal),
  select: (collection) => collection.member,
  staleTime: 60_000,
});

const SHOW_CHANGES_WITHIN_MS = 2_000;

/** What a colleague changes appears by itself while the page is visible. */
export const windowQuery = (start: string, end: string) =>
  queryOptions({
    queryKey: ["appointments", "window", start, end],
    queryFn: ({ signal }) => listWindow(start, end, signal),
    select: (collection) => collection.member,
    placeholderData: keepPreviousData,
    refetchInterval: SHOW_CHANGES_WITHIN_MS,
    staleTime: SHOW_CHANGES_WITHIN_MS,
    enabled: start !== "",
  });

/** From midnight to midnight in the clinic; where the clocks skip midnight the day begins at one. */
export function dayWindow(date: string): { start: string; end: string } {
  const begin = (day: string) =>
    toInstant({ date: day, time: "00:00" }, clinic.timezone) ??
    toInstant({ date: day, time: "01:00" }, clinic.timezone) ??
    "";
  return { start: begin(date), end: begin(addDays(date, 1)) };
}

export function todayQuery() {
  const { start, end } = dayWindow(toWallTime(new Date(), clinic.timezone).date);
  return { ...windowQuery(start, end), refetchInterval: 15_000 };
}

export const patientAppointmentsQuery = (patientId: string) =>
  queryOptions({
    queryKey: ["appointments", "patient", patientId],
    queryFn: ({ signal }) => listOfPatient(patientId, signal),
    select: (collection) => collection.member,
  });
