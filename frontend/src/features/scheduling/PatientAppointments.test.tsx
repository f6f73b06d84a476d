/** A patient's appointments: what is to come is never told as past, and a cancellation says why. */
import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { Appointment } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { collection, PATIENT, server } from "../../../test/server";
import { AppointmentDialog } from "./AppointmentDialog";
import { PatientAppointments } from "./PatientAppointments";

const DAY_MS = 24 * 60 * 60_000;

function appointment(id: string, inDays: number, status: Appointment["status"]): Appointment {
  const startsAt = new Date(Date.now() + inDays * DAY_MS).toISOString();
  const known = { practitionerId: "p1", patientId: PATIENT.id, type: "appointment", allDay: false };
  return { ...known, id, startsAt, endsAt: startsAt, status, title: "T" } as Appointment;
}

test("a cancelled appointment that is still to come stands among the next, crossed out", async () => {
  server.use(
    http.get("/api/waiting-list", () => HttpResponse.json(collection([]))),
    http.get("/api/practitioners", () => HttpResponse.json(collection([]))),
    http.get("/api/appointments", () =>
      HttpResponse.json(
        collection([
          appointment("a3", 3, "cancelled"),
          appointment("a2", 2, "scheduled"),
          appointment("a1", -1, "attended"),
        ]),
      ),
    ),
  );
  await renderScreen(<PatientAppointments patient={{ id: PATIENT.id, label: PATIENT.fullName }} mayBook />);
  const listBelow = (heading: HTMLElement) => within(heading.parentElement as HTMLElement);
  const next = listBelow(await screen.findByRole("heading", { name: "Next" }));
  expect(next.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    expect.stringContaining("Scheduled"),
    expect.stringContaining("Cancelled"),
  ]);
  const past = listBelow(screen.getByRole("heading", { name: "Past" }));
  expect(past.getAllByRole("listitem")).toHaveLength(1);
});

test("a cancellation without a reason brings the focus to the reason", async () => {
  const { user } = await renderScreen(
    <AppointmentDialog
      appointment={appointment("a2", 2, "scheduled")}
      practitioners={[]}
      onClose={() => {}}
      onChanged={() => {}}
      onOpen={() => {}}
    />,
  );
  await user.click(screen.getByRole("button", { name: "Cancel appointment" }));
  await user.click(screen.getByRole("button", { name: "Confirm cancellation" }));
  expect(screen.getByLabelText(/^Reason/)).toHaveFocus();
  expect(screen.getByLabelText(/^Reason/)).toHaveAccessibleDescription("This field is required");
});
