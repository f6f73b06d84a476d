/** The clinic's wall clock against instants, on ordinary days and on the two days when the clocks change. */
import { expect, test } from "vitest";
import { addDays, toInstant, toWallTime } from "./clinicTime";

const MADRID = "Europe/Madrid";

test.each([
  ["2026-11-23", "10:00", "2026-11-23T10:00:00+01:00"],
  ["2026-07-01", "10:00", "2026-07-01T10:00:00+02:00"],
  // Spring: 02:00 becomes 03:00 on 29 March 2026.
  ["2026-03-29", "01:55", "2026-03-29T01:55:00+01:00"],
  ["2026-03-29", "03:00", "2026-03-29T03:00:00+02:00"],
  // Autumn: 03:00 becomes 02:00 on 25 October 2026; what happens twice is the first.
  ["2026-10-25", "01:00", "2026-10-25T01:00:00+02:00"],
  ["2026-10-25", "02:30", "2026-10-25T02:30:00+02:00"],
  ["2026-10-25", "03:00", "2026-10-25T03:00:00+01:00"],
])("%s %s is the instant %s, and back", (date, time, instant) => {
  expect(toInstant({ date, time }, MADRID)).toBe(instant);
  expect(toWallTime(instant, MADRID)).toEqual({ date, time });
});

test("a time the clocks skip is no instant", () => {
  expect(toInstant({ date: "2026-03-29", time: "02:30" }, MADRID)).toBeNull();
});

test("nonsense is no instant", () => {
  expect(toInstant({ date: "", time: "10:00" }, MADRID)).toBeNull();
  expect(toInstant({ date: "2026-02-30", time: "25:00" }, MADRID)).toBeNull();
});

test("the second 02:30 of the autumn change is shown as 02:30 too", () => {
  expect(toWallTime("2026-10-25T01:30:00Z", MADRID)).toEqual({ date: "2026-10-25", time: "02:30" });
});

test("a zone west of Greenwich has its offset written", () => {
  expect(toInstant({ date: "2026-01-15", time: "09:30" }, "America/St_Johns")).toBe(
    "2026-01-15T09:30:00-03:30",
  );
});

test("days are counted by the calendar, also over a day of 23 hours", () => {
  expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
});
