/** What the scheduling screens read; apart from the components so that route loaders stay small. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { clinic } from "@/api/clinic";
import {
  everyTimeOff,
  listMatches,
  listOfPatient,
  listPractitioners,
  listReminders,
  listWaiting,
  listWindow,
  type RemindersQuery,
  readFeed,
  readReminderSettings,
  readWeekGrid,
  type WaitingQuery,
} from "@/api/scheduling";
import type { FreeStart } from "@/api/types";
import { addDays, addMinutes, toInstant, toWallTime } from "@/i18n/clinicTime";

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

export const weekGridQuery = (practitionerId: string) =>
  queryOptions({
    queryKey: ["week-grid", practitionerId],
    queryFn: ({ signal }) => readWeekGrid(practitionerId, signal),
    staleTime: 60_000,
  });

/** Who is away, and when the clinic is closed. */
export const timeOffQuery = (start: string, end: string) =>
  queryOptions({
    queryKey: ["time-off", "window", start, end],
    queryFn: ({ signal }) => everyTimeOff({ start, end }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

/** What is coming in order of time; of the past the last year, the latest first. */
export const listedTimeOffQuery = (show: "coming" | "past", practitionerId: string) =>
  queryOptions({
    queryKey: ["time-off", "listed", show, practitionerId],
    queryFn: async ({ signal }) => {
      const whose = practitionerId ? { practitionerId } : {};
      const now = new Date();
      if (show === "coming") return everyTimeOff({ start: now.toISOString(), ...whose }, signal);
      const window = { start: addMinutes(now, -366 * 24 * 60).toISOString(), end: now.toISOString() };
      const met = await everyTimeOff({ ...window, ...whose }, signal);
      return met.filter(({ endsAt }) => Date.parse(endsAt) <= now.getTime()).toReversed();
    },
    placeholderData: keepPreviousData,
  });

/** From midnight to midnight in the clinic; where the clocks skip midnight the day begins at one. */
export function dayWindow(date: string, days = 1): { start: string; end: string } {
  const begin = (day: string) =>
    toInstant({ date: day, time: "00:00" }, clinic.timezone) ??
    toInstant({ date: day, time: "01:00" }, clinic.timezone) ??
    "";
  return { start: begin(date), end: begin(addDays(date, days)) };
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

export const waitingQuery = (query: WaitingQuery) =>
  queryOptions({
    queryKey: ["waiting-list", "listed", query],
    queryFn: ({ signal }) => listWaiting(query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

export const matchesQuery = (slot: FreeStart) =>
  queryOptions({
    queryKey: ["waiting-list", "matches", slot],
    queryFn: ({ signal }) => listMatches(slot, signal),
    select: (collection) => collection.member,
  });

export const feedQuery = (practitionerId: string) =>
  queryOptions({
    queryKey: ["calendar-feed", practitionerId],
    queryFn: ({ signal }) => readFeed(practitionerId, signal),
  });

export const remindersQuery = (query: RemindersQuery) =>
  queryOptions({
    queryKey: ["reminders", "listed", query],
    queryFn: ({ signal }) => listReminders(query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

export const reminderSettingsQuery = queryOptions({
  queryKey: ["reminders", "settings"],
  queryFn: ({ signal }) => readReminderSettings(signal),
  staleTime: 60_000,
});
