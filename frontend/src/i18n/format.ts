/** Money, dates and times as the chosen language writes them, in the clinic's time zone. */
import { currentLocale, REGION } from "./language";

const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const region = REGION[currentLocale()];
  const key = region + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(region, options);
    formats.set(key, format);
  }
  return format;
}

/** A decimal string stays exact: Intl formats it without passing through a float. */
export function formatMoney(amount: string, currency: string): string {
  const format = new Intl.NumberFormat(REGION[currentLocale()], {
    style: "currency",
    currency,
    useGrouping: "always",
  } as Intl.NumberFormatOptions);
  return format.format(amount as Intl.StringNumericLiteral);
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(REGION[currentLocale()]).format(value);
}

/** A date without a time (YYYY-MM-DD) is the same day everywhere. */
export function formatDate(date: string): string {
  return dateFormat({ dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
}

export function formatMonth(date: string): string {
  return dateFormat({ month: "long", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
}

export function formatLongDate(date: string): string {
  const options: Intl.DateTimeFormatOptions = {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  };
  return dateFormat(options).format(new Date(`${date}T00:00:00Z`));
}

export function formatDay(instant: string | Date, timeZone: string): string {
  const options: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short", timeZone };
  return dateFormat(options).format(new Date(instant));
}

/** 0 is Monday, as ISO 8601 counts. */
export function formatWeekday(weekday: number, style: "long" | "short"): string {
  const monday = Date.UTC(2026, 0, 5);
  return dateFormat({ weekday: style, timeZone: "UTC" }).format(monday + weekday * 24 * 60 * 60_000);
}

export function formatTime(instant: string | Date, timeZone: string): string {
  return dateFormat({ hour: "2-digit", minute: "2-digit", timeZone }).format(new Date(instant));
}

export function formatTimeRange(start: string, end: string, timeZone: string): string {
  return `${formatTime(start, timeZone)}–${formatTime(end, timeZone)}`;
}

export function formatDateTime(instant: string | Date, timeZone: string): string {
  const date = dateFormat({ dateStyle: "medium", timeZone }).format(new Date(instant));
  return `${date}, ${formatTime(instant, timeZone)}`;
}
