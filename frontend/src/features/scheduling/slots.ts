/** Free places on the calendar; apart from the booking form so that the calendar does not load its validation. */
import { clinic } from "@/api/clinic";
import { addMinutes, toInstant, toWallTime } from "@/i18n/clinicTime";

/** A place on the calendar: instants as ISO strings, or only where it begins. */
export interface Slot {
  startsAt: string;
  endsAt?: string;
}

/** The next slot boundary from now, where a booking without a chosen place begins. */
export function nextSlot(now: Date): string {
  const wall = toWallTime(now, clinic.timezone);
  const slot = clinic.calendar.slotMinutes;
  const past = Number(wall.time.slice(3, 5)) % slot;
  const start = addMinutes(now, slot - past);
  start.setUTCSeconds(0, 0);
  return start.toISOString();
}

/** The clinic's day (YYYY-MM-DD) an instant lies in. */
export const dayOf = (instant: string | Date): string => toWallTime(instant, clinic.timezone).date;

/** A whole day was chosen: what is booked into it begins when the calendar's day does. */
export const morningOf = (date: string): string =>
  toInstant({ date, time: clinic.calendar.scrollTime }, clinic.timezone) ?? date;
