/** Booking: the patient is found while typing, and a refusal says what is in the way without closing. */
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import type { Practitioner } from "@/api/types";
import { addMinutes } from "@/i18n/clinicTime";
import { renderScreen } from "../../../test/render";
import { collection, PATIENT, refusal, server, summary } from "../../../test/server";
import { BookingDialog } from "./BookingDialog";

const PRACTITIONERS: Practitioner[] = [
  { id: "p1", name: "Ana Torres", colour: "#0f766e", initials: "AT", active: true },
  { id: "p2", name: "Luis Gómez", colour: "#b45309", initials: "LG", active: true },
];

async function open(free: string[] = []) {
  const onBooked = vi.fn();
  const starts = free.map((startsAt) => ({
    practitionerId: "p2",
    startsAt,
    endsAt: addMinutes(startsAt, 60).toISOString(),
  }));
  server.use(http.get("/api/availability", () => HttpResponse.json(collection(starts))));
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

test("a free start is chosen with the arrows, on the next day that has one", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-23T08:00:00Z") });
  const { user } = await open([
    "2026-11-23T08:30:00+01:00",
    "2026-11-24T09:00:00+01:00",
    "2026-11-24T10:00:00+01:00",
  ]);
  expect(await screen.findByText("Next free times: Tuesday 24 November")).toBeInTheDocument();
  await user.click(screen.getByRole("radio", { name: "09:00" }));
  await user.keyboard("{ArrowRight}");
  expect(screen.getByLabelText(/^Date/)).toHaveValue("2026-11-24");
  expect(screen.getByLabelText(/^Start/)).toHaveValue("10:00");
  expect(screen.getByLabelText(/^End/)).toHaveValue("11:00");
  vi.useRealTimers();
});

test("whoever is new is registered inside the dialog, unless the registry knows somebody very alike", async () => {
  const sent: unknown[] = [];
  const known = { ...summary(7, "Maria Munoz"), reasons: ["phone"] };
  server.use(
    http.post("/api/patients", async ({ request }) => {
      sent.push(await request.json());
      if (sent.length === 1) return refusal(409, "patient-likely-duplicate", { matches: [known] });
      return HttpResponse.json(PATIENT, { status: 201 });
    }),
  );
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "Register a new patient" }));
  await user.type(screen.getByLabelText(/^First name/), "María José");
  await user.keyboard("{Enter}");
  expect(screen.getByLabelText(/^Last name/)).toHaveAccessibleDescription("This field is required");
  await user.type(screen.getByLabelText(/^Last name/), "Muñoz García{Enter}");
  const alert = await screen.findByRole("alert");
  expect(within(alert).getByRole("button", { name: "It is this person" })).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "It is someone else: register anyway" }));
  expect(await screen.findByRole("combobox", { name: "Patient" })).toHaveValue(PATIENT.fullName);
  expect(sent).toEqual([
    { firstName: "María José", lastName: "Muñoz García", phone: null, force: false },
    { firstName: "María José", lastName: "Muñoz García", phone: null, force: true },
  ]);
});

test("what was written is there again, at the place that was chosen now", async () => {
  const { user } = await open();
  await user.type(screen.getByLabelText("Title"), "First visit");
  const start = screen.getByLabelText(/^Start/);
  await user.clear(start);
  await user.type(start, "16:00");
  expect(screen.getByLabelText(/^End/)).toHaveValue("17:00");
  cleanup();
  await open();
  expect(screen.getByText(/^Draft from .* restored$/)).toBeInTheDocument();
  expect(screen.getByLabelText("Title")).toHaveValue("First visit");
  expect(screen.getByLabelText(/^Start/)).toHaveValue("10:00");
});
