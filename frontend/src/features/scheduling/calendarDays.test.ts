/** Which days each view shows, and the way between them. */
import { expect, test } from "vitest";
import { clinic } from "@/api/clinic";
import { daysMeant, daysShown, isWithin, stepped, stretchesOf, titleOf } from "./calendarDays";

test.each([
  ["day", "2026-11-26", "2026-11-26", 1],
  ["week", "2026-11-26", "2026-11-23", 7],
  ["list", "2026-11-23", "2026-11-23", 7],
  ["week", "2026-11-29", "2026-11-23", 7],
  ["month", "2026-11-26", "2026-10-26", 42],
  ["month", "2027-02-10", "2027-02-01", 28],
] as const)("a %s around %s is shown from %s on, %i days", (view, date, first, count) => {
  expect(daysShown(view, date)).toEqual({ first, count });
});

test("of a month on screen its own days are meant", () => {
  expect(daysMeant("month", "2026-11-26")).toEqual({ first: "2026-11-01", count: 30 });
  expect(daysMeant("week", "2026-11-26")).toEqual(daysShown("week", "2026-11-26"));
});

test.each([
  ["day", "2026-11-30", "2026-12-01", "2026-11-29"],
  ["week", "2026-11-30", "2026-12-07", "2026-11-23"],
  ["month", "2026-01-31", "2026-02-01", "2025-12-01"],
  ["month", "2026-03-31", "2026-04-01", "2026-02-01"],
] as const)("from the %s of %s on to %s and back to %s", (view, date, next, previous) => {
  expect([stepped(view, date, 1), stepped(view, date, -1)]).toEqual([next, previous]);
});

test("the day after the last is not within", () => {
  const week = daysShown("week", "2026-11-26");
  expect([isWithin(week, "2026-11-29"), isWithin(week, "2026-11-30")]).toEqual([true, false]);
});

test("a narrow weekend is a stretch of its own, as wide as configured", () => {
  const width = clinic.calendar.weekendWidthPercent / 100;
  expect(stretchesOf(daysShown("week", "2026-11-26"))).toEqual([
    { first: "2026-11-23", count: 5, weight: 5 },
    { first: "2026-11-28", count: 2, weight: 2 * width },
  ]);
});

test("a Saturday by itself is as wide as any day", () => {
  expect(stretchesOf(daysShown("day", "2026-11-28"))).toEqual([{ first: "2026-11-28", count: 1, weight: 1 }]);
});

test("the title is written as the language does", () => {
  expect(titleOf("week", "2026-11-26", "es")).toBe("23–29 nov 2026");
  expect(titleOf("month", "2026-11-26", "es")).toBe("noviembre de 2026");
  expect(titleOf("day", "2026-11-26", "en")).toBe("Thursday, 26 November 2026");
});
