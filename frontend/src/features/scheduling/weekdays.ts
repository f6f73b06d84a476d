/** The days of the week under their names on the wire, in the order the clinic's week begins. */
import { clinic } from "@/api/clinic";
import type { Weekday } from "@/api/types";

/** Monday first, as ISO 8601 counts them. */
export const WEEKDAYS: readonly Weekday[] = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
];
export const WORKING_DAYS: readonly Weekday[] = WEEKDAYS.slice(0, 5);

/** `calendar.firstDay` counts from Sunday. */
export function weekInOrder(firstDay: number = clinic.calendar.firstDay): Weekday[] {
  const first = (firstDay + 6) % 7;
  return [...WEEKDAYS.slice(first), ...WEEKDAYS.slice(0, first)];
}

/** Of a date YYYY-MM-DD. */
export function weekdayOf(date: string): Weekday {
  const sundayFirst = new Date(`${date}T00:00:00Z`).getUTCDay();
  return WEEKDAYS[(sundayFirst + 6) % 7] as Weekday;
}

export const inWeekOrder = (weekdays: readonly Weekday[]): Weekday[] =>
  weekInOrder().filter((day) => weekdays.includes(day));
