/** A plan of sessions: what is asked, and how single sessions are repaired without losing the others. */
import { expect, test } from "vitest";
import type { Occurrence } from "@/api/types";
import {
  dropped,
  emptySeries,
  isFree,
  isTaken,
  moved,
  repaired,
  type SeriesForm,
  sessionsOf,
  toSeriesInput,
  withOneMore,
} from "./seriesPlan";

const PATIENT = { id: "m", label: "María" };
const FORM: SeriesForm = {
  practitionerId: "p",
  patient: PATIENT,
  minutes: "45",
  weekdays: ["tuesday", "thursday"],
  at: "10:00",
  first: "2026-11-24",
  count: "3",
  sessions: null,
};
const TUESDAY = "2026-11-24T10:00:00+01:00";
const THURSDAY = "2026-11-26T10:00:00+01:00";
const NEXT_TUESDAY = "2026-12-01T10:00:00+01:00";

const free = (startsAt: string): Occurrence => ({
  startsAt,
  endsAt: startsAt,
  conflict: null,
  instead: null,
});
const taken = (startsAt: string, instead: string | null): Occurrence => ({
  ...free(startsAt),
  conflict: { startsAt, endsAt: startsAt, title: "T", with: "practitioner" },
  instead,
});

test("a complete form asks by its rule", () => {
  expect(toSeriesInput(FORM)).toEqual({
    practitionerId: "p",
    patientId: "m",
    minutes: 45,
    weekly: { weekdays: ["tuesday", "thursday"], at: "10:00", first: "2026-11-24", count: 3 },
  });
});

test("once a session was moved by hand, the starts are sent one by one", () => {
  expect(toSeriesInput({ ...FORM, sessions: [TUESDAY] })).toEqual({
    practitionerId: "p",
    patientId: "m",
    minutes: 45,
    startsAt: [TUESDAY],
  });
});

test.each([
  ["nobody is chosen", { patient: null }],
  ["no day is chosen", { weekdays: [] }],
  ["the time is missing", { at: "" }],
  ["the time is on no five minutes", { at: "10:02" }],
  ["there are too many sessions", { count: "61" }],
  ["the length is no multiple of five", { minutes: "47" }],
  ["every session was dropped", { sessions: [] }],
])("nothing is asked while %s", (_, part) => {
  expect(toSeriesInput({ ...FORM, ...part } as SeriesForm)).toBeNull();
});

test("a place chosen on the calendar fills in the day and the time of the clinic's wall", () => {
  const start = { practitionerId: "p", patient: PATIENT, startsAt: "2026-11-24T09:00:00Z" };
  expect(emptySeries(start, new Date())).toMatchObject({
    weekdays: ["tuesday"],
    at: "10:00",
    first: "2026-11-24",
  });
});

test("a moved session takes its place in the order of time", () => {
  const friday = "2026-11-27T09:00:00+01:00";
  expect(moved([TUESDAY, THURSDAY, NEXT_TUESDAY], TUESDAY, friday)).toEqual([THURSDAY, friday, NEXT_TUESDAY]);
});

test("dropping leaves the others where they are", () => {
  expect(dropped([TUESDAY, THURSDAY], TUESDAY)).toEqual([THURSDAY]);
});

test("taking all proposals moves what is taken and has somewhere to go, and only that", () => {
  const wednesday = "2026-11-25T10:00:00+01:00";
  const occurrences = [taken(TUESDAY, wednesday), free(THURSDAY), taken(NEXT_TUESDAY, null)];
  expect(repaired(occurrences)).toEqual([wednesday, THURSDAY, NEXT_TUESDAY]);
});

test("one more session is on the next day of the rule, at its wall-clock time across the clock change", () => {
  expect(withOneMore([TUESDAY], FORM)).toEqual([TUESDAY, THURSDAY]);
  const beforeTheChange = "2027-03-25T10:00:00+01:00";
  expect(withOneMore([beforeTheChange], FORM).at(-1)).toBe("2027-03-30T10:00:00+02:00");
});

test("a session is found again by its instant, however its offset is written", () => {
  const [session] = sessionsOf(["2026-11-24T09:00:00Z"], [free(TUESDAY)], []);
  expect(session && isFree(session)).toBe(true);
});

test("a session laid over another carries the server's words", () => {
  const violations = [{ propertyPath: "startsAt.1", message: "Overlaps another session of the series." }];
  const [first, second] = sessionsOf([TUESDAY, "2026-11-24T10:30:00+01:00"], [], violations);
  expect(first && isTaken(first)).toBe(false);
  expect(second?.error).toBe("Overlaps another session of the series.");
});
