/** A booking's wall-clock times become the right instants, on both days when the clocks change too. */
import { expect, test } from "vitest";
import { type BookingForm, bookingSchema, emptyBooking, movedEnd, toAppointmentInput } from "./bookingForm";
import { nextSlot } from "./slots";

const FORM: BookingForm = {
  practitionerId: "p",
  patientId: null,
  patientName: "",
  title: "",
  type: "appointment",
  allDay: false,
  date: "2026-11-23",
  startsAt: "10:00",
  endsAt: "11:00",
  notes: " ",
};

const errors = (form: BookingForm) =>
  bookingSchema.safeParse(form).error?.issues.map(({ path, message }) => [path.join("."), message]) ?? [];

test("a click on the calendar fills the form in the clinic's wall time, not the browser's", () => {
  const form = emptyBooking({ startsAt: "2026-11-23T10:00:00+01:00" }, "p", null);
  expect(form).toMatchObject({ date: "2026-11-23", startsAt: "10:00", endsAt: "11:00" });
});

test("a drag fills in both ends", () => {
  const slot = { startsAt: "2026-07-01T16:00:00+02:00", endsAt: "2026-07-01T16:45:00+02:00" };
  expect(emptyBooking(slot, "p", null)).toMatchObject({ startsAt: "16:00", endsAt: "16:45" });
});

test("late in the evening the booking still ends on its own day", () => {
  expect(emptyBooking({ startsAt: "2026-11-23T23:00:00+01:00" }, "p", null)).toMatchObject({
    date: "2026-11-23",
    startsAt: "23:00",
    endsAt: "23:55",
  });
});

test("the wire gets instants with the clinic's offset of that day", () => {
  expect(toAppointmentInput(FORM)).toMatchObject({
    startsAt: "2026-11-23T10:00:00+01:00",
    endsAt: "2026-11-23T11:00:00+01:00",
    title: null,
    notes: null,
  });
  expect(toAppointmentInput({ ...FORM, date: "2026-07-01" }).startsAt).toBe("2026-07-01T10:00:00+02:00");
});

test("a booking over the spring change is an hour shorter than the wall says", () => {
  const { startsAt, endsAt } = toAppointmentInput({
    ...FORM,
    date: "2026-03-29",
    startsAt: "01:00",
    endsAt: "04:00",
  });
  expect((Date.parse(endsAt) - Date.parse(startsAt)) / 3_600_000).toBe(2);
});

test("a time the clocks skip is refused at its field", () => {
  const form = { ...FORM, date: "2026-03-29", startsAt: "02:30", endsAt: "04:00" };
  expect(errors(form)).toEqual([["startsAt", "booking.skippedTime"]]);
});

test("an end that is not after the start is refused at the end", () => {
  expect(errors({ ...FORM, endsAt: "10:00" })).toEqual([["endsAt", "booking.endBeforeStart"]]);
});

test.each([
  ["10:00", "12:00", "11:00", "13:00"],
  ["10:00", "09:15", "10:45", "10:00"],
  ["10:00", "23:30", "11:00", "11:00"],
  ["10:00", "", "11:00", "11:00"],
])("moving the start from %s to %s moves the end from %s to %s", (previous, next, end, expected) => {
  expect(movedEnd(previous, next, end)).toBe(expected);
});

test("without a chosen place the booking begins at the next slot", () => {
  expect(nextSlot(new Date("2026-11-23T09:07:31Z"))).toBe("2026-11-23T09:30:00.000Z");
  expect(nextSlot(new Date("2026-11-23T09:30:00Z"))).toBe("2026-11-23T10:00:00.000Z");
});
