/** The booking form's fields and the way from wall-clock inputs to instants of the clinic's zone. */
import * as z from "zod/mini";
import { clinic } from "@/api/clinic";
import type { AppointmentInput } from "@/api/types";
import { addMinutes, toInstant, toWallTime } from "@/i18n/clinicTime";
import type { MessageKey } from "@/i18n/language";
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
    title: z.string().check(z.maxLength(255, TOO_LONG)),
    type: z.enum(["appointment", "other"]),
    date: z.string().check(z.minLength(1, REQUIRED)),
    startsAt: z.string().check(z.minLength(1, REQUIRED)),
    endsAt: z.string().check(z.minLength(1, REQUIRED)),
    notes: z.string().check(z.maxLength(2000, TOO_LONG)),
  })
  .check(
    z.refine(({ date, startsAt }) => instantOf(date, startsAt) !== null, {
      error: SKIPPED,
      path: ["startsAt"],
    }),
    z.refine(({ date, endsAt }) => instantOf(date, endsAt) !== null, { error: SKIPPED, path: ["endsAt"] }),
    z.refine(({ startsAt, endsAt }) => startsAt < endsAt, { error: ORDER, path: ["endsAt"] }),
  );

export type BookingForm = z.infer<typeof bookingSchema>;

export function emptyBooking(slot: Slot, practitionerId: string, patientId: string | null): BookingForm {
  const start = toWallTime(slot.startsAt, clinic.timezone);
  const end = toWallTime(
    slot.endsAt ?? addMinutes(slot.startsAt, clinic.calendar.defaultMinutes),
    clinic.timezone,
  );
  return {
    practitionerId,
    patientId,
    title: "",
    type: "appointment",
    date: start.date,
    startsAt: start.time,
    endsAt: end.date === start.date ? end.time : LAST_END_OF_DAY,
    notes: "",
  };
}

export function toAppointmentInput(form: BookingForm): AppointmentInput {
  return {
    practitionerId: form.practitionerId,
    patientId: form.patientId,
    title: form.title.trim() || null,
    allDay: false,
    startsAt: instantOf(form.date, form.startsAt) ?? "",
    endsAt: instantOf(form.date, form.endsAt) ?? "",
    type: form.type,
    notes: form.notes.trim() || null,
  };
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
