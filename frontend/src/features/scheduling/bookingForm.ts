/** The booking form's fields and the way from wall-clock inputs to instants of the clinic's zone. */
import * as z from "zod/mini";
import { clinic } from "@/api/clinic";
import type { Appointment, AppointmentInput } from "@/api/types";
import { addMinutes, toInstant, toWallTime } from "@/i18n/clinicTime";
import type { MessageKey } from "@/i18n/language";
import type { Place } from "./calendarMoves";
import { dayWindow } from "./queries";
import type { Slot } from "./slots";

const REQUIRED: MessageKey = "form.required";
const TOO_LONG: MessageKey = "form.tooLong";
const SKIPPED: MessageKey = "booking.skippedTime";
const ORDER: MessageKey = "booking.endBeforeStart";

/** The form has one date; appointments end on five minutes. */
const LAST_END_OF_DAY = "23:55";

const instantOf = (date: string, time: string) => toInstant({ date, time }, clinic.timezone);

export const bookingSchema = z
  .object({
    practitionerId: z.string().check(z.minLength(1, REQUIRED)),
    patientId: z.nullable(z.string()),
    /** Beside the id, so that a restored draft knows whom it is for. */
    patientName: z.string(),
    title: z.string().check(z.maxLength(255, TOO_LONG)),
    type: z.enum(["appointment", "other"]),
    allDay: z.boolean(),
    date: z.string().check(z.minLength(1, REQUIRED)),
    startsAt: z.string().check(z.minLength(1, REQUIRED)),
    endsAt: z.string().check(z.minLength(1, REQUIRED)),
    notes: z.string().check(z.maxLength(2000, TOO_LONG)),
  })
  .check(
    z.refine(({ allDay, date, startsAt }) => allDay || instantOf(date, startsAt) !== null, {
      error: SKIPPED,
      path: ["startsAt"],
    }),
    z.refine(({ allDay, date, endsAt }) => allDay || instantOf(date, endsAt) !== null, {
      error: SKIPPED,
      path: ["endsAt"],
    }),
    z.refine(({ allDay, startsAt, endsAt }) => allDay || startsAt < endsAt, {
      error: ORDER,
      path: ["endsAt"],
    }),
  );

export type BookingForm = z.infer<typeof bookingSchema>;

/** When it is to be, as the form's inputs hold it. */
export function timesOf({ startsAt, endsAt }: Slot): Pick<BookingForm, "date" | "startsAt" | "endsAt"> {
  const start = toWallTime(startsAt, clinic.timezone);
  const end = toWallTime(endsAt ?? addMinutes(startsAt, clinic.calendar.defaultMinutes), clinic.timezone);
  return {
    date: start.date,
    startsAt: start.time,
    endsAt: end.date === start.date ? end.time : LAST_END_OF_DAY,
  };
}

export function emptyBooking(
  slot: Slot,
  practitionerId: string,
  patient: { id: string; label: string } | null,
): BookingForm {
  return {
    practitionerId,
    patientId: patient?.id ?? null,
    patientName: patient?.label ?? "",
    title: "",
    type: "appointment",
    allDay: false,
    ...timesOf(slot),
    notes: "",
  };
}

export function formOf(appointment: Appointment): BookingForm {
  const { practitionerId, patientId, patientName, title, type, allDay, notes } = appointment;
  return {
    practitionerId,
    patientId,
    patientName: patientName ?? "",
    title: title === patientName ? "" : title,
    type: type === "other" ? "other" : "appointment",
    allDay,
    ...timesOf(appointment),
    notes: notes ?? "",
  };
}

/** Where in the diary the form puts it. */
export function placeInForm({ practitionerId, allDay, date, startsAt, endsAt }: BookingForm): Place {
  const day = dayWindow(date);
  return {
    practitionerId,
    startsAt: allDay ? day.start : (instantOf(date, startsAt) ?? ""),
    endsAt: allDay ? day.end : (instantOf(date, endsAt) ?? ""),
  };
}

export function toAppointmentInput(form: BookingForm): AppointmentInput {
  return {
    ...placeInForm(form),
    patientId: form.patientId,
    title: form.title.trim() || null,
    allDay: form.allDay,
    type: form.type,
    notes: form.notes.trim() || null,
  };
}

/** How long it is to last, in minutes by the clock on the wall. */
export function minutesOf({ startsAt, endsAt }: Pick<BookingForm, "startsAt" | "endsAt">): number {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  return minutes(endsAt) - minutes(startsAt);
}

/** The end moves with the start, so a booking keeps its length. */
export function movedEnd(previousStart: string, nextStart: string, end: string): string {
  if (!previousStart || !nextStart || !end) return end;
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  const moved = minutes(nextStart) + minutes(end) - minutes(previousStart);
  if (moved >= 24 * 60 || moved <= minutes(nextStart)) return end;
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(Math.floor(moved / 60))}:${two(moved % 60)}`;
}
