/** Scheduling's calls: practitioners and the calendar. */
import { everyPage } from "./everyPage";
import { ask, create, get, remove, replace } from "./http";
import type {
  Appointment,
  AppointmentInput,
  CancellationInput,
  Collection,
  FreeStart,
  Occurrence,
  Practitioner,
  Series,
  SeriesInput,
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
export const cancelAppointment = (id: string, reason: string, idempotencyKey: string) =>
  create<Appointment>(
    `/appointments/${id}/cancellation`,
    { reason } satisfies CancellationInput,
    idempotencyKey,
  );

/** Each session of the plan with what is in its way; nothing is taken. */
export const checkSeries = (plan: SeriesInput, signal?: AbortSignal) =>
  ask<{ occurrences: Occurrence[] }>("/series/check", plan, signal);
export const bookSeries = (plan: SeriesInput, idempotencyKey: string) =>
  create<Series>("/series", plan, idempotencyKey);
export const cancelSeries = (id: string, reason: string, idempotencyKey: string) =>
  create<Series>(`/series/${id}/cancellation`, { reason }, idempotencyKey);

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
