/** Whom free time suits: the practitioner, the weekday, the hours of the clinic's wall clock, the last day. */
import { expect, test } from "vitest";
import type { Appointment, FreeStart, WaitingEntry } from "@/api/types";
import { freedSlots } from "./FreedSlots";
import { daysWaiting } from "./WaitingWish";
import { emptyWaiting, suits, toWaitingForm, toWaitingInput, waitingSchema } from "./waitingForm";

const ENTRY: WaitingEntry = {
  id: "w1",
  patientId: "m",
  patientName: "María",
  phone: null,
  practitionerId: null,
  weekdays: ["tuesday"],
  from: "09:00",
  to: "12:00",
  minutes: 60,
  until: "2026-12-01",
  notes: null,
  status: "waiting",
  appointmentId: null,
  version: 1,
  createdAt: "2026-11-20T23:30:00Z",
  updatedAt: "2026-11-20T23:30:00Z",
};
const SLOT: FreeStart = {
  practitionerId: "p",
  startsAt: "2026-11-24T11:00:00+01:00",
  endsAt: "2026-11-24T12:00:00+01:00",
};

test("time inside the wish suits", () => {
  expect(suits(ENTRY, SLOT)).toBe(true);
});

test.each<[string, Partial<WaitingEntry>, Partial<FreeStart>]>([
  ["another practitioner is wanted", { practitionerId: "other" }, {}],
  ["it is another weekday", { weekdays: ["monday"] }, {}],
  ["it begins too early", { from: "11:05" }, {}],
  ["it ends too late", { to: "11:55" }, {}],
  ["the last day is past", { until: "2026-11-23" }, {}],
  ["it goes into the next day", { to: "23:55" }, { endsAt: "2026-11-25T00:30:00+01:00" }],
])("it does not when %s", (_, wish, slot) => {
  expect(suits({ ...ENTRY, ...wish }, { ...SLOT, ...slot })).toBe(false);
});

test("an entry goes into the form and comes out as it was", () => {
  const { patientId, practitionerId, weekdays, from, to, minutes, until, notes } = ENTRY;
  const wish = { patientId, practitionerId, weekdays, from, to, minutes, until, notes };
  expect(toWaitingInput(toWaitingForm(ENTRY))).toEqual(wish);
});

test("a wish without a patient and a day that ends before it begins, is refused where it is wrong", () => {
  const form = { ...emptyWaiting(null), weekdays: [], to: "07:00" };
  const paths = waitingSchema.safeParse(form).error?.issues.map(({ path }) => path.join(".")) ?? [];
  expect(paths.toSorted()).toEqual(["patient", "to", "weekdays"]);
});

test("days of waiting are those of the clinic's calendar", () => {
  expect(daysWaiting(ENTRY.createdAt, new Date("2026-11-23T10:00:00Z"))).toBe(2);
});

test("only cancelled time to come that nobody has taken since counts as freed, each stretch once", () => {
  const cancelled = {
    ...SLOT,
    id: "a",
    status: "cancelled",
    type: "appointment",
    allDay: false,
  } as Appointment;
  const now = Date.parse("2026-11-23T10:00:00Z");
  expect(freedSlots([cancelled, { ...cancelled, id: "b" }], now)).toEqual([SLOT]);
  expect(freedSlots([cancelled, { ...cancelled, id: "c", status: "scheduled" }], now)).toEqual([]);
  expect(freedSlots([cancelled, { ...cancelled, id: "g", status: "scheduled", type: "gap" }], now)).toEqual([
    SLOT,
  ]);
  expect(freedSlots([cancelled], Date.parse("2026-11-25T10:00:00Z"))).toEqual([]);
});
