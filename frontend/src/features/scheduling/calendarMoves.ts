/** Where an appointment goes when it is moved by keys, and what brings it back to where it was. */
import { clinic } from "@/api/clinic";
import type { Appointment, AppointmentPatch, FreeStart } from "@/api/types";
import { addDays, addMinutes, toInstant, toWallTime } from "@/i18n/clinicTime";

/** A place in the diary: whose, from when to when. */
export interface Place {
  practitionerId: string;
  startsAt: string;
  endsAt: string;
}

export const placeOf = ({ practitionerId, startsAt, endsAt }: Place): Place => ({
  practitionerId,
  startsAt,
  endsAt,
});

export const isSamePlace = (one: Place, other: Place): boolean =>
  one.practitionerId === other.practitionerId &&
  Date.parse(one.startsAt) === Date.parse(other.startsAt) &&
  Date.parse(one.endsAt) === Date.parse(other.endsAt);

const lengthOf = ({ startsAt, endsAt }: Place): number =>
  (Date.parse(endsAt) - Date.parse(startsAt)) / 60_000;

/** The same length from another start. */
export function startedAt(place: Place, startsAt: string): Place {
  return { ...place, startsAt, endsAt: addMinutes(startsAt, lengthOf(place)).toISOString() };
}

export const movedBySlots = (place: Place, slots: number): Place =>
  startedAt(place, addMinutes(place.startsAt, slots * clinic.calendar.slotMinutes).toISOString());

/** The same time of the clock on another day; null where the clocks skip it. */
export function movedByDays(place: Place, days: number): Place | null {
  const { date, time } = toWallTime(place.startsAt, clinic.timezone);
  const start = toInstant({ date: addDays(date, days), time }, clinic.timezone);
  return start ? startedAt(place, start) : null;
}

/** Everything a person can change about it, as it is: sent later, it takes a change back. */
export function asItWas(appointment: Appointment): AppointmentPatch {
  const { title, patientName, overbookReason, allDay, patientId, notes, status, statusReason } = appointment;
  return {
    ...placeOf(appointment),
    // A title that follows the patient's name goes on following it.
    title: title === patientName ? null : title,
    type: appointment.type === "other" ? "other" : "appointment",
    allDay,
    patientId,
    notes,
    status,
    statusReason,
    ...(overbookReason && { overbook: { reason: overbookReason } }),
  };
}

/** The free starts nearest to what was wanted, in order of time. */
export function nearestStarts(free: readonly FreeStart[], wanted: string, count: number): FreeStart[] {
  const distance = ({ startsAt }: FreeStart) => Math.abs(Date.parse(startsAt) - Date.parse(wanted));
  return free
    .toSorted((one, other) => distance(one) - distance(other))
    .slice(0, count)
    .toSorted((one, other) => Date.parse(one.startsAt) - Date.parse(other.startsAt));
}
