/** A day as the diary's lists write it: of another year than this one, the year is said too. */
import { clinic } from "@/api/clinic";
import { toWallTime } from "@/i18n/clinicTime";
import { formatDate, formatDay, formatTime, formatTimeRange } from "@/i18n/format";

export function dayText(instant: string): string {
  const { date } = toWallTime(instant, clinic.timezone);
  const thisYear = toWallTime(new Date(), clinic.timezone).date.slice(0, 4);
  return date.startsWith(thisYear) ? formatDay(instant, clinic.timezone) : formatDate(date);
}

export const momentText = (instant: string): string =>
  `${dayText(instant)}, ${formatTime(instant, clinic.timezone)}`;

/** From one instant to another, without repeating the day. */
export function spanText(startsAt: string, endsAt: string): string {
  const isOneDay = toWallTime(startsAt, clinic.timezone).date === toWallTime(endsAt, clinic.timezone).date;
  return isOneDay
    ? `${dayText(startsAt)}, ${formatTimeRange(startsAt, endsAt, clinic.timezone)}`
    : `${momentText(startsAt)} – ${momentText(endsAt)}`;
}
