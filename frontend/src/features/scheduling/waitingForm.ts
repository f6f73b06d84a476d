/** A wish for the waiting list as its form, and whether free time suits it. */
import * as z from "zod/mini";
import { clinic } from "@/api/clinic";
import type { FreeStart, WaitingEntry, WaitingInput } from "@/api/types";
import { toWallTime } from "@/i18n/clinicTime";
import type { MessageKey } from "@/i18n/language";
import { minutesField } from "./seriesPlan";
import { WEEKDAYS, WORKING_DAYS, weekdayOf } from "./weekdays";

const REQUIRED: MessageKey = "form.required";
const TOO_LONG: MessageKey = "form.tooLong";
const ORDER: MessageKey = "booking.endBeforeStart";

export const waitingSchema = z
  .object({
    patient: z
      .nullable(z.object({ id: z.string(), label: z.string() }))
      .check(z.refine((patient) => patient !== null, REQUIRED)),
    /** Empty for anybody. */
    practitionerId: z.string(),
    weekdays: z.array(z.enum(WEEKDAYS as [(typeof WEEKDAYS)[number]])).check(z.minLength(1, REQUIRED)),
    from: z.string().check(z.minLength(1, REQUIRED)),
    to: z.string().check(z.minLength(1, REQUIRED)),
    minutes: minutesField,
    until: z.string(),
    notes: z.string().check(z.maxLength(2000, TOO_LONG)),
  })
  .check(z.refine(({ from, to }) => !from || !to || from < to, { error: ORDER, path: ["to"] }));

export type WaitingForm = z.infer<typeof waitingSchema>;

export const emptyWaiting = (patient: { id: string; label: string } | null): WaitingForm => ({
  patient: patient && { id: patient.id, label: patient.label },
  practitionerId: "",
  weekdays: [...WORKING_DAYS],
  from: "08:00",
  to: "20:00",
  minutes: String(clinic.calendar.defaultMinutes),
  until: "",
  notes: "",
});

export const toWaitingForm = (entry: WaitingEntry): WaitingForm => ({
  patient: { id: entry.patientId, label: entry.patientName ?? "–" },
  practitionerId: entry.practitionerId ?? "",
  weekdays: entry.weekdays,
  from: entry.from,
  to: entry.to,
  minutes: String(entry.minutes),
  until: entry.until ?? "",
  notes: entry.notes ?? "",
});

export const toWaitingInput = (form: WaitingForm): WaitingInput => ({
  patientId: form.patient?.id ?? "",
  practitionerId: form.practitionerId || null,
  weekdays: form.weekdays,
  from: form.from,
  to: form.to,
  minutes: Number(form.minutes),
  until: form.until || null,
  notes: form.notes.trim() || null,
});

/** Whether the wish would be met: the practitioner, the weekday, the hours of the wall clock, the last day. */
export function suits(entry: WaitingEntry, { practitionerId, startsAt, endsAt }: FreeStart): boolean {
  const start = toWallTime(startsAt, clinic.timezone);
  const end = toWallTime(endsAt, clinic.timezone);
  const ends = end.date === start.date ? end.time : "24:00";
  return (
    (entry.practitionerId === null || entry.practitionerId === practitionerId) &&
    entry.weekdays.includes(weekdayOf(start.date)) &&
    entry.from <= start.time &&
    ends <= entry.to &&
    (entry.until === null || start.date <= entry.until)
  );
}
