/** Working hours are where somebody works: slots that touch are one stretch. */
import { expect, test } from "vitest";
import type { WeekGrid } from "@/api/types";
import { workingHours } from "./workingHours";

function grid(monday: string[], sunday: string[] = []): WeekGrid {
  const closed = { tuesday: [], wednesday: [], thursday: [], friday: [], saturday: [] };
  return { practitionerId: "p", monday, sunday, ...closed, version: 1 };
}

test("touching slots are one stretch, a pause between them is kept", () => {
  expect(workingHours([grid(["09:00-10:00", "10:00-11:00", "15:00-16:00"])])).toEqual([
    { daysOfWeek: [1], startTime: "09:00", endTime: "11:00" },
    { daysOfWeek: [1], startTime: "15:00", endTime: "16:00" },
  ]);
});

test("of several people together, the hours in which one of them works", () => {
  const together = workingHours([
    grid(["09:00-12:00"]),
    grid(["08:00-10:00", "12:00-13:00"], ["10:00-11:00"]),
  ]);
  expect(together).toEqual([
    { daysOfWeek: [0], startTime: "10:00", endTime: "11:00" },
    { daysOfWeek: [1], startTime: "08:00", endTime: "13:00" },
  ]);
});
