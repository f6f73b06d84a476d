/** A week grid as its form: each weekday's slots as pairs of times, and the way to the wire's entries and back. */
import * as z from "zod/mini";
import { clinic } from "@/api/clinic";
import type { Weekday, WeekGrid, WeekGridInput } from "@/api/types";
import type { MessageKey } from "@/i18n/language";
import { WEEKDAYS } from "./weekdays";

const REQUIRED: MessageKey = "form.required";
const ORDER: MessageKey = "booking.endBeforeStart";

const TIME: MessageKey = "workingHours.time";

/** A day may end at 24:00. */
const START = /^([01]\d|2[0-3]):[0-5][05]$/;
const END = /^(([01]\d|2[0-3]):[0-5][05]|24:00)$/;

const isWritten = ({ start, end }: { start: string; end: string }) => start !== "" && end !== "";
const isSound = ({ start, end }: { start: string; end: string }) => START.test(start) && END.test(end);

const slot = z.object({ start: z.string(), end: z.string() }).check(
  z.refine(isWritten, REQUIRED),
  z.refine((each) => !isWritten(each) || isSound(each), TIME),
  z.refine((each) => !isSound(each) || each.start < each.end, ORDER),
);
const day = z.array(slot);

export const weekGridSchema = z.object({
  monday: day,
  tuesday: day,
  wednesday: day,
  thursday: day,
  friday: day,
  saturday: day,
  sunday: day,
});

export type WeekGridForm = z.infer<typeof weekGridSchema>;
export type GridSlot = z.infer<typeof slot>;

const perDay = <T>(value: (weekday: Weekday) => T) =>
  Object.fromEntries(WEEKDAYS.map((weekday) => [weekday, value(weekday)])) as Record<Weekday, T>;

export function toWeekGridForm(grid: WeekGrid): WeekGridForm {
  return perDay((weekday) =>
    grid[weekday].map((entry) => {
      const [start = "", end = ""] = entry.split("-");
      return { start, end };
    }),
  );
}

export const toWeekGridInput = (form: WeekGridForm): WeekGridInput =>
  perDay((weekday) => form[weekday].map(({ start, end }) => `${start}-${end}`));

export const inOrder = (slots: readonly GridSlot[]): GridSlot[] =>
  slots.toSorted((one, other) => one.start.localeCompare(other.start));

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const timeOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

const lengthOf = ({ start, end }: GridSlot) => minutesOf(end) - minutesOf(start);

/** One more slot: after the last one and as long, or when the clinic's day begins. */
export function nextGridSlot(slots: readonly GridSlot[]): GridSlot {
  const last = inOrder(slots.filter(isSound)).at(-1);
  const start = last ? minutesOf(last.end) : minutesOf(clinic.calendar.scrollTime);
  const length = last && lengthOf(last) > 0 ? lengthOf(last) : clinic.calendar.defaultMinutes;
  const end = start + length;
  return end <= 24 * 60 ? { start: timeOf(start), end: timeOf(end) } : { start: "", end: "" };
}

export function minutesOffered(slots: readonly GridSlot[]): number {
  const sound = slots.filter(isSound);
  return sound.reduce((sum, each) => sum + Math.max(lengthOf(each), 0), 0);
}

/** What people write in a hurry: 9, 930, 9.30 and 0930 are times too. What is none stays as it was written. */
export function asTime(typed: string): string {
  const [, hours = "", minutes = "0"] = /^(\d{1,2})[:.,h ]?(\d{2})?$/.exec(typed.trim()) ?? [];
  if (hours === "") return typed.trim();
  return `${hours.padStart(2, "0")}:${minutes.padStart(2, "0")}`;
}
