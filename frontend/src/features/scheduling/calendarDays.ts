/** Which days a view of the calendar shows, the way from one to the next, and how they are called. */
import { clinic } from "@/api/clinic";
import { addDays } from "@/i18n/clinicTime";
import { type Locale, REGION } from "@/i18n/language";

export const VIEWS = ["day", "week", "month", "list"] as const;
export type CalendarView = (typeof VIEWS)[number];

export interface Days {
  /** YYYY-MM-DD */
  first: string;
  count: number;
}

/** 0 = Sunday */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

const WEEK = 7;
const weekOf = (date: string): string =>
  addDays(date, -((weekdayOf(date) - clinic.calendar.firstDay + WEEK) % WEEK));
const monthOf = (date: string): string => `${date.slice(0, 7)}-01`;
const monthAfter = (date: string): string => monthOf(addDays(monthOf(date), 31));
const daysBetween = (first: string, last: string): number =>
  Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000);

/** What is on screen: a month is shown with whole weeks. */
export function daysShown(view: CalendarView, date: string): Days {
  if (view === "day") return { first: date, count: 1 };
  if (view !== "month") return { first: weekOf(date), count: WEEK };
  const first = weekOf(monthOf(date));
  const lastWeek = weekOf(addDays(monthAfter(date), -1));
  return { first, count: daysBetween(first, lastWeek) + WEEK };
}

/** What is meant by what is on screen: of a month, its own days only. */
export function daysMeant(view: CalendarView, date: string): Days {
  if (view !== "month") return daysShown(view, date);
  return { first: monthOf(date), count: daysBetween(monthOf(date), monthAfter(date)) };
}

export const isWithin = ({ first, count }: Days, date: string): boolean =>
  date >= first && date < addDays(first, count);

/** A day in the next (1) or the previous (-1) view of the same kind. */
export function stepped(view: CalendarView, date: string, direction: 1 | -1): string {
  if (view === "day") return addDays(date, direction);
  if (view !== "month") return addDays(date, direction * WEEK);
  return direction === 1 ? monthAfter(date) : monthOf(addDays(monthOf(date), -1));
}

/** `isBrief` where there is little room. */
export function titleOf(view: CalendarView, date: string, locale: Locale, isBrief = false): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(REGION[locale], { ...options, timeZone: "UTC" });
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  if (view === "month") return format({ month: "long", year: "numeric" }).format(day(date));
  if (view === "day") {
    const words = isBrief ? "short" : "long";
    return format({ weekday: words, day: "numeric", month: words, year: "numeric" }).format(day(date));
  }
  const { first, count } = daysShown(view, date);
  const last = addDays(first, count - 1);
  return format({ day: "numeric", month: "short", year: "numeric" }).formatRange(day(first), day(last));
}

/** Days drawn by one calendar; `weight` is their width, in widths of a weekday. */
export interface Stretch extends Days {
  weight: number;
}

/** The week as stretches of days of one width: narrow Saturdays and Sundays are calendars of their own. */
export function stretchesOf({ first, count }: Days): Stretch[] {
  const { narrowSaturday, narrowSunday, weekendWidthPercent } = clinic.calendar;
  const widthOf = (date: string) => {
    const weekday = weekdayOf(date);
    const isNarrow = (weekday === 6 && narrowSaturday) || (weekday === 0 && narrowSunday);
    return isNarrow && count > 1 ? weekendWidthPercent / 100 : 1;
  };
  const stretches: (Stretch & { width: number })[] = [];
  for (let at = 0; at < count; at++) {
    const date = addDays(first, at);
    const width = widthOf(date);
    const last = stretches.at(-1);
    if (last?.width === width) {
      last.count += 1;
      last.weight += width;
    } else stretches.push({ first: date, count: 1, weight: width, width });
  }
  return stretches.map(({ width: _, ...stretch }) => stretch);
}
