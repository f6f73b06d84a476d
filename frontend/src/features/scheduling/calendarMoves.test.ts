/** Moving by keys keeps the clock on the wall, and what a change is taken back to is all that can be changed. */
import { expect, test } from "vitest";
import type { Appointment, FreeStart } from "@/api/types";
import { asItWas, isSamePlace, movedByDays, movedBySlots, nearestStarts, startedAt } from "./calendarMoves";

const PLACE = {
  practitionerId: "p",
  startsAt: "2026-03-28T10:00:00+01:00",
  endsAt: "2026-03-28T10:45:00+01:00",
};

test("a slot later, the length kept", () => {
  expect(movedBySlots(PLACE, 1)).toEqual({
    practitionerId: "p",
    startsAt: "2026-03-28T09:30:00.000Z",
    endsAt: "2026-03-28T10:15:00.000Z",
  });
});

test("a day later over the spring change it is ten o'clock again", () => {
  expect(movedByDays(PLACE, 1)?.startsAt).toBe("2026-03-29T10:00:00+02:00");
  expect(movedByDays(PLACE, 1)?.endsAt).toBe("2026-03-29T08:45:00.000Z");
});

test("there is no half past two on the day the clocks go forward", () => {
  const early = { ...PLACE, startsAt: "2026-03-28T02:30:00+01:00", endsAt: "2026-03-28T03:00:00+01:00" };
  expect(movedByDays(early, 1)).toBeNull();
});

test("the same instants with another offset are the same place", () => {
  expect(isSamePlace(PLACE, startedAt(PLACE, "2026-03-28T09:00:00Z"))).toBe(true);
  expect(isSamePlace(PLACE, { ...PLACE, practitionerId: "q" })).toBe(false);
});

const APPOINTMENT = {
  ...PLACE,
  id: "a",
  patientId: "m",
  patientName: "María Muñoz",
  title: "María Muñoz",
  type: "appointment",
  allDay: false,
  notes: null,
  status: "scheduled",
  statusReason: null,
  overbookReason: null,
  version: 3,
} as Appointment;

test("a title that is the patient's name goes on following it, a typed one stays", () => {
  expect(asItWas(APPOINTMENT).title).toBeNull();
  expect(asItWas({ ...APPOINTMENT, title: "Primera visita" }).title).toBe("Primera visita");
});

test("what was overbooked goes back over what lies there", () => {
  expect(asItWas(APPOINTMENT)).not.toHaveProperty("overbook");
  expect(asItWas({ ...APPOINTMENT, overbookReason: "Urgent" }).overbook).toEqual({ reason: "Urgent" });
});

test("the free starts nearest to what was wanted, in order of time", () => {
  const free = ["09:00", "10:00", "12:00", "16:00"].map(
    (time) => ({ practitionerId: "p", startsAt: `2026-11-26T${time}:00+01:00`, endsAt: "" }) as FreeStart,
  );
  const times = nearestStarts(free, "2026-11-26T11:30:00+01:00", 2).map(({ startsAt }) =>
    startsAt.slice(11, 16),
  );
  expect(times).toEqual(["10:00", "12:00"]);
});
