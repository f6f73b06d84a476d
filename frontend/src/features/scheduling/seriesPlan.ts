/** The plan of a series: its form, what is asked of the server, and the repairs of single sessions. */
import * as z from "zod/mini";
import { clinic } from "@/api/clinic";
import type { Occurrence, SeriesInput } from "@/api/types";
import { addDays, toInstant, toWallTime } from "@/i18n/clinicTime";
import type { MessageKey } from "@/i18n/language";
import { WEEKDAYS, weekdayOf } from "./weekdays";

export const MOST_SESSIONS = 60;

const REQUIRED: MessageKey = "form.required";
const COUNT: MessageKey = "series.count.error";
const MINUTES: MessageKey = "form.minutes";
const FIVE_MINUTES: MessageKey = "form.fiveMinutes";

const isWhole = (text: string, from: number, to: number) =>
  /^\d+$/.test(text) && Number(text) >= from && Number(text) <= to;

export const minutesField = z
  .string()
  .check(z.refine((text) => isWhole(text, 5, 1440) && Number(text) % 5 === 0, MINUTES));

export const seriesSchema = z.object({
  practitionerId: z.string().check(z.minLength(1, REQUIRED)),
  patient: z
    .nullable(z.object({ id: z.string(), label: z.string() }))
    .check(z.refine((patient) => patient !== null, REQUIRED)),
  minutes: minutesField,
  weekdays: z.array(z.enum(WEEKDAYS as [(typeof WEEKDAYS)[number]])).check(z.minLength(1, REQUIRED)),
  at: z.string().check(
    z.minLength(1, REQUIRED),
    z.refine((time) => time === "" || Number(time.slice(3, 5)) % 5 === 0, FIVE_MINUTES),
  ),
  first: z.string().check(z.minLength(1, REQUIRED)),
  count: z.string().check(z.refine((text) => isWhole(text, 1, MOST_SESSIONS), COUNT)),
  /** The starts one by one, once a session of the rule was moved or dropped. */
  sessions: z.nullable(z.array(z.string())),
});

export type SeriesForm = z.infer<typeof seriesSchema>;

export interface SeriesStart {
  practitionerId: string;
  patient: { id: string; label: string } | null;
  /** An instant the first session begins at, when a place on the calendar was chosen. */
  startsAt?: string | undefined;
}

export function emptySeries({ practitionerId, patient, startsAt }: SeriesStart, now: Date): SeriesForm {
  const chosen = startsAt ? toWallTime(startsAt, clinic.timezone) : null;
  return {
    practitionerId,
    patient: patient && { id: patient.id, label: patient.label },
    minutes: String(clinic.calendar.defaultMinutes),
    weekdays: chosen ? [weekdayOf(chosen.date)] : [],
    at: chosen?.time ?? "",
    first: chosen?.date ?? addDays(toWallTime(now, clinic.timezone).date, 1),
    count: "10",
    sessions: null,
  };
}

/** What is asked of the server, or null while something is missing. */
export function toSeriesInput(form: SeriesForm): SeriesInput | null {
  const sound = seriesSchema.safeParse(form);
  if (!sound.success || form.sessions?.length === 0) return null;
  const { practitionerId, patient, minutes, weekdays, at, first, count, sessions } = sound.data;
  return {
    practitionerId,
    patientId: patient?.id ?? null,
    minutes: Number(minutes),
    ...(sessions ? { startsAt: sessions } : { weekly: { weekdays, at, first, count: Number(count) } }),
  };
}

const inOrder = (starts: readonly string[]) => starts.toSorted((a, b) => Date.parse(a) - Date.parse(b));
const isSame = (one: string, other: string) => Date.parse(one) === Date.parse(other);

export const moved = (starts: readonly string[], from: string, to: string): string[] =>
  inOrder(starts.map((start) => (start === from ? to : start)));

export const dropped = (starts: readonly string[], start: string): string[] =>
  starts.filter((other) => other !== start);

/** Every session that cannot take place goes to the nearest free start found for it. */
export const repaired = (occurrences: readonly Occurrence[]): string[] =>
  inOrder(occurrences.map(({ startsAt, conflict, instead }) => (conflict && instead) || startsAt));

/** One more session: on the next day of the rule after the last one. */
export function withOneMore(starts: readonly string[], { weekdays, at }: SeriesForm): string[] {
  const last = starts.at(-1);
  if (!last) return [...starts];
  const { date } = toWallTime(last, clinic.timezone);
  const days = Array.from({ length: 14 }, (_, number) => addDays(date, number + 1));
  const next = days
    .filter((day) => weekdays.includes(weekdayOf(day)))
    .map((day) => toInstant({ date: day, time: at }, clinic.timezone))
    .find((instant) => instant !== null);
  return next ? [...starts, next] : [...starts];
}

export interface Session {
  startsAt: string;
  /** Null until the server has looked at it. */
  occurrence: Occurrence | null;
  /** Why it is no session at all, such as lying over another one. */
  error: string | null;
}

/** The sessions as listed: those chosen one by one, else those of the rule, each with what is known of it. */
export function sessionsOf(
  chosen: readonly string[] | null,
  occurrences: readonly Occurrence[],
  violations: readonly { propertyPath: string; message: string }[],
): Session[] {
  const starts = chosen ?? occurrences.map(({ startsAt }) => startsAt);
  return starts.map((startsAt, number) => ({
    startsAt,
    occurrence: occurrences.find((one) => isSame(one.startsAt, startsAt)) ?? null,
    error: violations.find(({ propertyPath }) => propertyPath === `startsAt.${number}`)?.message ?? null,
  }));
}

export const isFree = ({ occurrence, error }: Session): boolean =>
  error === null && occurrence !== null && occurrence.conflict === null;
export const isTaken = ({ occurrence, error }: Session): boolean =>
  error !== null || Boolean(occurrence?.conflict);
