/** What somebody on the waiting list waits for, in one line, and since when. */
import { useQuery } from "@tanstack/react-query";
import { clinic } from "@/api/clinic";
import type { WaitingEntry, Weekday } from "@/api/types";
import { addDays, toWallTime } from "@/i18n/clinicTime";
import { formatDate, formatWeekday } from "@/i18n/format";
import { type Translate, useLanguage } from "@/i18n/language";
import { practitionersQuery } from "./queries";
import { inWeekOrder, WEEKDAYS, WORKING_DAYS } from "./weekdays";

export function WaitingWish({ entry }: { entry: WaitingEntry }) {
  const { t } = useLanguage();
  const practitioners = useQuery(practitionersQuery).data ?? [];
  const whose = practitioners.find(({ id }) => id === entry.practitionerId);
  const parts = [
    entry.practitionerId === null ? t("waiting.anybody") : (whose?.name ?? "–"),
    `${weekdaysText(entry.weekdays, t)} ${entry.from}–${entry.to}`,
    t("waiting.minutes", { minutes: entry.minutes }),
    entry.until && t("waiting.until.day", { date: formatDate(entry.until) }),
  ];
  return <>{parts.filter(Boolean).join(" · ")}</>;
}

function weekdaysText(weekdays: readonly Weekday[], t: Translate): string {
  if (weekdays.length === WEEKDAYS.length) return t("waiting.everyDay");
  const isWorkingWeek =
    weekdays.length === WORKING_DAYS.length && WORKING_DAYS.every((day) => weekdays.includes(day));
  if (isWorkingWeek) return t("waiting.workingDays");
  return inWeekOrder(weekdays)
    .map((day) => formatWeekday(WEEKDAYS.indexOf(day), "short"))
    .join(", ");
}

/** Whole days of the calendar. */
export function daysWaiting(createdAt: string, now: Date): number {
  const [since, today] = [createdAt, now].map((moment) => toWallTime(moment, clinic.timezone).date);
  const days = (Date.parse(today ?? "") - Date.parse(since ?? "")) / (24 * 60 * 60_000);
  return Math.max(Math.round(days), 0);
}

export function WaitingSince({ entry }: { entry: WaitingEntry }) {
  const { t } = useLanguage();
  return <>{t("waiting.since", { days: daysWaiting(entry.createdAt, new Date()) })}</>;
}

/** The same span of the coming weeks in which times are looked for, no longer than the wish lasts. */
export function searchWindow(entry: WaitingEntry, now: Date): { from: string; to: string } {
  const today = toWallTime(now, clinic.timezone).date;
  const last = addDays(today, 28);
  const until = entry.until && entry.until < last ? entry.until : last;
  return { from: now.toISOString(), to: `${addDays(until, 1)}T00:00` };
}
