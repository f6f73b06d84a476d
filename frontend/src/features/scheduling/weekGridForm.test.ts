/** A week as it is typed: hours in a hurry, the midnight that ends a day, slots that follow one another. */
import { expect, test } from "vitest";
import type { WeekGrid } from "@/api/types";
import {
  asTime,
  minutesOffered,
  nextGridSlot,
  toWeekGridForm,
  toWeekGridInput,
  weekGridSchema,
} from "./weekGridForm";

const WEEK: WeekGrid = {
  practitionerId: "p",
  monday: ["09:00-10:00", "23:00-24:00"],
  tuesday: [],
  wednesday: [],
  thursday: [],
  friday: [],
  saturday: [],
  sunday: [],
  version: 1,
};

test("a week goes into the form and comes out as it was", () => {
  const { practitionerId: _, version: __, ...days } = WEEK;
  expect(toWeekGridInput(toWeekGridForm(WEEK))).toEqual(days);
});

test.each([
  ["9", "09:00"],
  ["930", "09:30"],
  ["0930", "09:30"],
  ["9.30", "09:30"],
  [" 9:30 ", "09:30"],
  ["24", "24:00"],
  ["nine", "nine"],
  ["", ""],
])("“%s” is read as “%s”", (typed, time) => {
  expect(asTime(typed)).toBe(time);
});

test.each([
  [{ start: "", end: "10:00" }, "form.required"],
  [{ start: "09:02", end: "10:00" }, "workingHours.time"],
  [{ start: "24:00", end: "24:00" }, "workingHours.time"],
  [{ start: "10:00", end: "10:00" }, "booking.endBeforeStart"],
])("%j is refused at its place", (slot, message) => {
  const form = { ...toWeekGridForm(WEEK), tuesday: [slot] };
  const issues = weekGridSchema.safeParse(form).error?.issues ?? [];
  expect(issues.map((issue) => [issue.path.join("."), issue.message])).toEqual([["tuesday.0", message]]);
});

test("one more slot begins where the last one ends and is as long", () => {
  expect(
    nextGridSlot([
      { start: "15:00", end: "15:45" },
      { start: "09:00", end: "10:00" },
    ]),
  ).toEqual({
    start: "15:45",
    end: "16:30",
  });
  expect(nextGridSlot([])).toEqual({ start: "08:00", end: "09:00" });
});

test("after the last hour of the day no slot is proposed", () => {
  expect(nextGridSlot([{ start: "23:00", end: "24:00" }])).toEqual({ start: "", end: "" });
});

test("only what can be understood counts as offered time", () => {
  expect(
    minutesOffered([
      { start: "09:00", end: "10:30" },
      { start: "x", end: "11:00" },
    ]),
  ).toBe(90);
});
