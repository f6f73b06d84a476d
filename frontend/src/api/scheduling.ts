/** Scheduling's calls: practitioners and the calendar. */
import { everyPage } from "./everyPage";
import { ask, create, get, merge, remove, replace } from "./http";
import type {
  Appointment,
  AppointmentInput,
  AppointmentPatch,
  CancellationInput,
  Collection,
  FreeStart,
  GapRange,
  GapsDeleted,
  GapsGenerated,
  Occurrence,
  Practitioner,
  Series,
  SeriesInput,
  SeriesPatch,
  TimeOff,
  TimeOffInput,
  WeekGrid,
  WeekGridInput,
} from "./types";

const etag = (version: number) => `"${version}"`;

export const listPractitioners = (signal?: AbortSignal) =>
  get<Collection<Practitioner>>("/practitioners", { itemsPerPage: 200 }, signal);

/** Everything that intersects the window; instants as ISO with offset. */
export const listWindow = (start: string, end: string, signal?: AbortSignal) =>
  get<Collection<Appointment>>("/appointments", { start, end }, signal);
export const listOfPatient = (patientId: string, signal?: AbortSignal) =>
  get<Collection<Appointment>>("/appointments", { patientId, itemsPerPage: 50 }, signal);
export const book = (input: AppointmentInput, idempotencyKey: string) =>
  create<Appointment>("/appointments", input, idempotencyKey);
/** Only the fields to change; a status alone says what became of it. */
export const changeAppointment = (id: string, patch: AppointmentPatch, version: number) =>
  merge<Appointment>(`/appointments/${id}`, patch, etag(version));
export const cancelAppointment = (id: string, reason: string, version: number, idempotencyKey: string) =>
  create<Appointment>(
    `/appointments/${id}/cancellation`,
    { reason } satisfies CancellationInput,
    idempotencyKey,
    etag(version),
  );
export const deleteAppointment = (id: string, version: number) =>
  remove(`/appointments/${id}`, etag(version));

/** Gaps by the week grid; 409 when anything of the practitioner is there already. */
export const generateGaps = (range: GapRange, idempotencyKey: string) =>
  create<GapsGenerated>("/appointment-gaps/generate", range, idempotencyKey);
export const deleteGaps = (range: GapRange) =>
  remove<GapsDeleted>("/appointment-gaps/delete-empty", undefined, range);

/** Each session of the plan with what is in its way; nothing is taken. */
export const checkSeries = (plan: SeriesInput, signal?: AbortSignal) =>
  ask<{ occurrences: Occurrence[] }>("/series/check", plan, signal);
export const bookSeries = (plan: SeriesInput, idempotencyKey: string) =>
  create<Series>("/series", plan, idempotencyKey);
/** What is still scheduled of it, from the appointment `since` on or all. */
export const changeSeries = (id: string, patch: SeriesPatch) => merge<Series>(`/series/${id}`, patch);
export const cancelSeries = (id: string, reason: string, idempotencyKey: string, since?: string) =>
  create<Series>(`/series/${id}/cancellation`, { reason, ...(since && { since }) }, idempotencyKey);

export const readWeekGrid = (practitionerId: string, signal?: AbortSignal) =>
  get<WeekGrid>(`/practitioners/${practitionerId}/week-grid`, undefined, signal);
export const changeWeekGrid = (practitionerId: string, week: WeekGridInput, version: number) =>
  replace<WeekGrid>(`/practitioners/${practitionerId}/week-grid`, week, etag(version));

export interface TimeOffQuery {
  /** Instants; what shares time with them. */
  start?: string;
  end?: string;
  /** That practitioner's, and the clinic's. */
  practitionerId?: string;
}

export const everyTimeOff = (query: TimeOffQuery, signal?: AbortSignal) =>
  everyPage((page) => get<Collection<TimeOff>>("/time-off", { ...query, page, itemsPerPage: 200 }, signal));
export const planTimeOff = (input: TimeOffInput, idempotencyKey: string) =>
  create<TimeOff>("/time-off", input, idempotencyKey);
export const changeTimeOff = (id: string, input: TimeOffInput, version: number) =>
  replace<TimeOff>(`/time-off/${id}`, input, etag(version));
export const deleteTimeOff = (id: string, version: number) => remove(`/time-off/${id}`, etag(version));

export interface AvailabilityQuery {
  practitionerId?: string;
  from: string;
  to: string;
  minutes: number;
}

export const listFreeStarts = (query: AvailabilityQuery, signal?: AbortSignal) =>
  get<Collection<FreeStart>>("/availability", query, signal);
