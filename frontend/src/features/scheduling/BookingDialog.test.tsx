/** Booking: the patient is found while typing, and a refusal says what is in the way without closing. */
import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import type { Practitioner } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { collection, refusal, server, summary } from "../../../test/server";
import { BookingDialog } from "./BookingDialog";

const PRACTITIONERS: Practitioner[] = [
  { id: "p1", name: "Ana Torres", colour: "#0f766e", initials: "AT", active: true },
  { id: "p2", name: "Luis Gómez", colour: "#b45309", initials: "LG", active: true },
];

async function open() {
  const onBooked = vi.fn();
  const { user } = await renderScreen(
    <BookingDialog
      slot={{ startsAt: "2026-11-23T10:00:00+01:00" }}
      practitionerId="p2"
      practitioners={PRACTITIONERS}
      patient={null}
      onClose={() => {}}
      onBooked={onBooked}
      onOpen={() => {}}
    />,
  );
  return { user, onBooked };
}

test("a patient is found while typing and booked at the clicked place", async () => {
  const sent: unknown[] = [];
  const maria = summary(1, "María José Muñoz García");
  server.use(
    http.get("/api/patients", () => HttpResponse.json(collection([maria]))),
    http.post("/api/appointments", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({}, { status: 201 });
    }),
  );
  const { user, onBooked } = await open();
  await user.type(screen.getByRole("combobox", { name: "Patient" }), "munoz");
  await user.click(await screen.findByRole("option", { name: /María José Muñoz García/ }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(onBooked).toHaveBeenCalled());
  expect(sent).toEqual([
    {
      practitionerId: "p2",
      patientId: maria.id,
      title: null,
      allDay: false,
      startsAt: "2026-11-23T10:00:00+01:00",
      endsAt: "2026-11-23T11:00:00+01:00",
      type: "appointment",
      notes: null,
    },
  ]);
});

test("a double booking is refused inside the dialog with what is in the way, and nothing typed is lost", async () => {
  const conflict = {
    appointmentId: "a1",
    startsAt: "2026-11-23T10:30:00+01:00",
    endsAt: "2026-11-23T11:00:00+01:00",
    title: "Team meeting",
    with: "practitioner",
  };
  const detail = "That time is taken: Team meeting, 23/11/2026 10:30–11:00.";
  server.use(
    http.post("/api/appointments", () => refusal(409, "appointment-overlaps", { detail, conflict })),
  );
  const { user, onBooked } = await open();
  await user.type(screen.getByLabelText("Title"), "First visit");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const alert = await within(await screen.findByRole("dialog")).findByRole("alert");
  expect(alert).toHaveTextContent("That time is taken: Team meeting, 23/11/2026 10:30–11:00.");
  expect(alert).toHaveTextContent("The practitioner is taken then.");
  expect(screen.getByLabelText("Title")).toHaveValue("First visit");
  expect(onBooked).not.toHaveBeenCalled();
});
