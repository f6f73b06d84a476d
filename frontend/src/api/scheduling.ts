/** Scheduling's calls: practitioners and the calendar. */
import { everyPage } from "./everyPage";
import { ask, create, get, merge, remove, replace } from "./http";
import type {
  Appointment,
  AppointmentInput,
  AppointmentPatch,
  CalendarFeed,
  CalendarFeedAddress,
  CancellationInput,
  Collection,
  FreeStart,
  GapRange,
  GapsDeleted,
  GapsGenerated,
  Occurrence,
  Practitioner,
  Reminder,
  ReminderSettings,
  ReminderState,
  Series,
  SeriesInput,
  SeriesPatch,
  TimeOff,
  TimeOffInput,
  Visit,
  WaitingEntry,
  WaitingInput,
  WaitingStatus,
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

export interface WaitingQuery {
  status: WaitingStatus | "all";
  page: number;
  /** Who waits for anybody's time waits for this practitioner's too. */
  practitionerId?: string | undefined;
  patientId?: string | undefined;
}

/** Longest waiting first. */
export const listWaiting = (query: WaitingQuery, signal?: AbortSignal) =>
  get<Collection<WaitingEntry>>("/waiting-list", { ...query, itemsPerPage: 50 }, signal);
/** Those whom this free time would suit, longest waiting first. */
export const listMatches = (slot: FreeStart, signal?: AbortSignal) =>
  get<Collection<WaitingEntry>>("/waiting-list/matches", slot, signal);
export const addWaiting = (input: WaitingInput, idempotencyKey: string) =>
  create<WaitingEntry>("/waiting-list", input, idempotencyKey);
export const changeWaiting = (id: string, input: WaitingInput, version: number) =>
  replace<WaitingEntry>(`/waiting-list/${id}`, input, etag(version));
export const withdrawWaiting = (id: string, version: number) => remove(`/waiting-list/${id}`, etag(version));
/** Who was booked or withdrew waits again. */
export const waitAgain = (id: string) => merge<WaitingEntry>(`/waiting-list/${id}`, { status: "waiting" });
export const bookWaiting = (
  id: string,
  place: { practitionerId: string; startsAt: string },
  idempotencyKey: string,
) => create<Appointment>(`/waiting-list/${id}/booking`, place, idempotencyKey);

const feedOf = (practitionerId: string) => `/practitioners/${practitionerId}/calendar-feed`;
export const readFeed = (practitionerId: string, signal?: AbortSignal) =>
  get<CalendarFeed>(feedOf(practitionerId), undefined, signal);
/** Makes a new secret address; the old one is dead. */
export const renewFeed = (practitionerId: string) => replace<CalendarFeedAddress>(feedOf(practitionerId), {});
export const revokeFeed = (practitionerId: string) => remove(feedOf(practitionerId));

export interface RemindersQuery {
  state?: ReminderState | "all";
  patientId?: string;
  page?: number;
}

export const listReminders = (query: RemindersQuery, signal?: AbortSignal) =>
  get<Collection<Reminder>>("/reminders", query, signal);
export const readReminderSettings = (signal?: AbortSignal) =>
  get<ReminderSettings>("/reminders/settings", undefined, signal);
export const retryReminder = (id: string, idempotencyKey: string) =>
  create<Reminder>(`/reminders/${id}/retry`, {}, idempotencyKey);

const visitAt = (token: string) => `/visits/${encodeURIComponent(token)}`;
export const readVisit = (token: string, signal?: AbortSignal) =>
  get<Visit>(visitAt(token), undefined, signal);
export const confirmVisit = (token: string, idempotencyKey: string) =>
  create<Visit>(`${visitAt(token)}/confirmation`, {}, idempotencyKey);
export const cancelVisit = (token: string, reason: string | null, idempotencyKey: string) =>
  create<Visit>(`${visitAt(token)}/cancellation`, { reason }, idempotencyKey);
