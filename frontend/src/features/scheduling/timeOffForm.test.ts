/** Time off between its form and the wire: whole days have no hours, and the last day is the last one off. */
import { expect, test } from "vitest";
import type { TimeOff } from "@/api/types";
import { emptyTimeOff, type TimeOffForm, timeOffSchema, toTimeOffForm, toTimeOffInput } from "./timeOffForm";

const HOLIDAY: TimeOffForm = {
  practitionerId: "",
  title: " Christmas ",
  allDay: true,
  firstDay: "2026-12-24",
  lastDay: "2026-12-26",
  startsAt: "",
  endsAt: "",
};
const HOURS: TimeOffForm = {
  ...HOLIDAY,
  practitionerId: "p",
  allDay: false,
  lastDay: "2026-12-24",
  startsAt: "09:00",
  endsAt: "12:00",
};

const errors = (form: TimeOffForm) =>
  timeOffSchema.safeParse(form).error?.issues.map(({ path, message }) => [path.join("."), message]) ?? [];

test("whole days end with the midnight after the last one, and no practitioner is the whole clinic", () => {
  expect(toTimeOffInput(HOLIDAY)).toEqual({
    practitionerId: null,
    title: "Christmas",
    allDay: true,
    startsAt: "2026-12-24T00:00",
    endsAt: "2026-12-27T00:00",
  });
});

test("hours are sent as instants of the clinic", () => {
  expect(toTimeOffInput(HOURS)).toMatchObject({
    practitionerId: "p",
    startsAt: "2026-12-24T09:00:00+01:00",
    endsAt: "2026-12-24T12:00:00+01:00",
  });
});

test("what is edited shows the days that are off, also over the clock change", () => {
  const stored = { practitionerId: null, title: null, allDay: true } as TimeOff;
  const form = toTimeOffForm({
    ...stored,
    startsAt: "2026-10-24T00:00:00+02:00",
    endsAt: "2026-10-26T00:00:00+01:00",
  });
  expect(form).toMatchObject({ firstDay: "2026-10-24", lastDay: "2026-10-25", practitionerId: "" });
});

test.each([
  [{ ...HOLIDAY, lastDay: "2026-12-23" }, [["lastDay", "timeOff.daysOrder"]]],
  [{ ...HOURS, endsAt: "09:00" }, [["endsAt", "booking.endBeforeStart"]]],
  [{ ...HOURS, startsAt: "" }, [["startsAt", "form.required"]]],
  [
    { ...HOURS, firstDay: "2026-03-29", lastDay: "2026-03-29", startsAt: "02:30", endsAt: "04:00" },
    [["startsAt", "booking.skippedTime"]],
  ],
])("%j is refused where it is wrong", (form, expected) => {
  expect(errors(form)).toEqual(expected);
});

test("it begins with tomorrow at the clinic, whatever the browser's day is", () => {
  expect(emptyTimeOff("", new Date("2026-11-23T23:30:00Z"))).toMatchObject({
    firstDay: "2026-11-25",
    lastDay: "2026-11-25",
  });
});
