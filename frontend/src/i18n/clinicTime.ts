/**
 * Wall-clock time of the clinic's zone to instants and back, on Intl alone: the screens outside the calendar
 * would otherwise load the Temporal polyfill for three functions.
 */

export interface WallTime {
  /** YYYY-MM-DD */
  date: string;
  /** HH:MM */
  time: string;
}

const zoneFormats = new Map<string, Intl.DateTimeFormat>();

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  let format = zoneFormats.get(timeZone);
  if (!format) {
    // Swedish writes dates as ISO does: 2026-11-23 10:00:00.
    format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
    zoneFormats.set(timeZone, format);
  }
  return format;
}

export function toWallTime(instant: string | Date, timeZone: string): WallTime {
  const [date = "", time = ""] = zoneFormat(timeZone).format(new Date(instant)).split(" ");
  return { date, time: time.slice(0, 5) };
}

function offsetMinutes(instant: number, timeZone: string): number {
  const wall = zoneFormat(timeZone).format(instant).replace(" ", "T");
  return Math.round((Date.parse(`${wall}Z`) - instant) / 60_000);
}

/**
 * The instant as ISO with the zone's offset, or null when the clocks skip that time (the spring change).
 * A time that happens twice (the autumn change) is the first of the two, as iCalendar (RFC 5545 §3.3.5) reads it.
 */
export function toInstant({ date, time }: WallTime, timeZone: string): string | null {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(asUtc)) return null;
  const day = 24 * 60 * 60_000;
  const offsets = [asUtc - day, asUtc + day].map((near) => offsetMinutes(near, timeZone));
  for (const offset of offsets) {
    const instant = asUtc - offset * 60_000;
    if (offsetMinutes(instant, timeZone) === offset) return `${date}T${time}:00${writeOffset(offset)}`;
  }
  return null;
}

function writeOffset(minutes: number): string {
  const absolute = Math.abs(minutes);
  const two = (part: number) => String(Math.trunc(part)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(absolute / 60)}:${two(absolute % 60)}`;
}

export function addMinutes(instant: string | Date, minutes: number): Date {
  return new Date(new Date(instant).getTime() + minutes * 60_000);
}

/** Calendar days, so a day of 23 or 25 hours counts as one. */
export function addDays(date: string, days: number): string {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}
