/** Time off as its form: whole days from one to another, or hours, of somebody or of the whole clinic. */
import * as z from "zod/mini";
import { clinic } from "@/api/clinic";
import type { TimeOff, TimeOffInput } from "@/api/types";
import { addDays, toInstant, toWallTime } from "@/i18n/clinicTime";
import type { MessageKey } from "@/i18n/language";

const REQUIRED: MessageKey = "form.required";
const TOO_LONG: MessageKey = "form.tooLong";
const DAYS: MessageKey = "timeOff.daysOrder";
const ORDER: MessageKey = "booking.endBeforeStart";
const SKIPPED: MessageKey = "booking.skippedTime";

const MIDNIGHT = "00:00";
const instantOf = (date: string, time: string) => toInstant({ date, time }, clinic.timezone);

export const timeOffSchema = z
  .object({
    /** Empty for the whole clinic. */
    practitionerId: z.string(),
    title: z.string().check(z.maxLength(255, TOO_LONG)),
    allDay: z.boolean(),
    firstDay: z.string().check(z.minLength(1, REQUIRED)),
    lastDay: z.string().check(z.minLength(1, REQUIRED)),
    startsAt: z.string(),
    endsAt: z.string(),
  })
  .check(
    z.refine(({ firstDay, lastDay }) => !firstDay || !lastDay || firstDay <= lastDay, {
      error: DAYS,
      path: ["lastDay"],
    }),
    z.refine(({ allDay, startsAt }) => allDay || startsAt !== "", { error: REQUIRED, path: ["startsAt"] }),
    z.refine(({ allDay, endsAt }) => allDay || endsAt !== "", { error: REQUIRED, path: ["endsAt"] }),
    z.refine(
      ({ allDay, firstDay, startsAt }) =>
        allDay || !firstDay || !startsAt || instantOf(firstDay, startsAt) !== null,
      { error: SKIPPED, path: ["startsAt"] },
    ),
    z.refine(
      ({ allDay, lastDay, endsAt }) => allDay || !lastDay || !endsAt || instantOf(lastDay, endsAt) !== null,
      { error: SKIPPED, path: ["endsAt"] },
    ),
    z.refine(
      ({ allDay, firstDay, lastDay, startsAt, endsAt }) =>
        allDay || firstDay !== lastDay || !startsAt || !endsAt || startsAt < endsAt,
      { error: ORDER, path: ["endsAt"] },
    ),
  );

export type TimeOffForm = z.infer<typeof timeOffSchema>;

export function emptyTimeOff(practitionerId: string, now: Date): TimeOffForm {
  const tomorrow = addDays(toWallTime(now, clinic.timezone).date, 1);
  const days = { firstDay: tomorrow, lastDay: tomorrow };
  return { practitionerId, title: "", allDay: true, ...days, startsAt: "", endsAt: "" };
}

export function toTimeOffForm({ practitionerId, title, allDay, startsAt, endsAt }: TimeOff): TimeOffForm {
  const start = toWallTime(startsAt, clinic.timezone);
  const end = toWallTime(endsAt, clinic.timezone);
  return {
    practitionerId: practitionerId ?? "",
    title: title ?? "",
    allDay,
    firstDay: start.date,
    // The midnight that ends the last day belongs to the next one.
    lastDay: allDay ? addDays(end.date, -1) : end.date,
    startsAt: allDay ? "" : start.time,
    endsAt: allDay ? "" : end.time,
  };
}

/** Whole days are sent as the clinic's midnights, which the server reads in its zone. */
export function toTimeOffInput(form: TimeOffForm): TimeOffInput {
  const { allDay, firstDay, lastDay, startsAt, endsAt } = form;
  return {
    practitionerId: form.practitionerId || null,
    title: form.title.trim() || null,
    allDay,
    startsAt: allDay ? `${firstDay}T${MIDNIGHT}` : (instantOf(firstDay, startsAt) ?? ""),
    endsAt: allDay ? `${addDays(lastDay, 1)}T${MIDNIGHT}` : (instantOf(lastDay, endsAt) ?? ""),
  };
}

/** The same again, for taking a change back. */
export const inputOf = ({ practitionerId, title, allDay, startsAt, endsAt }: TimeOff): TimeOffInput => ({
  practitionerId,
  title,
  allDay,
  startsAt,
  endsAt,
});
