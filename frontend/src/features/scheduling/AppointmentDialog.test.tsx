/** An appointment's dialog: what became of it is one click, versions are sent, a series is changed as far as asked. */
import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import type { Appointment } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { collection, PATIENT, RECEPTIONIST, refusal, server } from "../../../test/server";
import { AppointmentDialog } from "./AppointmentDialog";

const PRACTITIONERS = [
  { id: "p1", name: "Ana Torres", colour: "#0f766e", initials: "AT", active: true },
  { id: "p2", name: "Luis Gómez", colour: "#b45309", initials: "LG", active: true },
];
const VISIT: Appointment = {
  id: "a1",
  practitionerId: "p1",
  patientId: PATIENT.id,
  patientName: PATIENT.fullName,
  title: PATIENT.fullName,
  allDay: false,
  startsAt: "2026-11-25T10:00:00+01:00",
  endsAt: "2026-11-25T11:00:00+01:00",
  type: "appointment",
  notes: null,
  status: "scheduled",
  statusReason: null,
  overbookReason: null,
  confirmedAt: null,
  seriesId: null,
  version: 4,
  createdAt: "2026-11-01T09:00:00+01:00",
  updatedAt: "2026-11-01T09:00:00+01:00",
};

async function open(appointment: Appointment = VISIT) {
  server.use(http.get("/api/availability", () => HttpResponse.json(collection([]))));
  const onClose = vi.fn();
  const onOpen = vi.fn();
  const { user } = await renderScreen(
    <AppointmentDialog
      appointment={appointment}
      practitioners={PRACTITIONERS}
      onClose={onClose}
      onChanged={() => {}}
      onOpen={onOpen}
    />,
    RECEPTIONIST,
  );
  return { user, onClose, onOpen };
}

test("attended is one click, said with the version that was seen", async () => {
  const sent: unknown[] = [];
  server.use(
    http.patch("/api/appointments/a1", async ({ request }) => {
      sent.push([request.headers.get("If-Match"), await request.json()]);
      return HttpResponse.json({ ...VISIT, status: "attended", version: 5 });
    }),
  );
  const { user, onClose } = await open();
  await user.click(screen.getByRole("button", { name: "Attended" }));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(sent).toEqual([['"4"', { status: "attended", statusReason: null }]]);
});

test("what was missed can be taken back, and is not moved or cancelled before", async () => {
  await open({ ...VISIT, status: "missed", statusReason: "Did not come" });
  expect(screen.getByText("Did not come")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Back to scheduled" })).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Move…" })).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Cancel appointment" })).not.toBeInTheDocument();
});

test("a colleague's change in between is explained", async () => {
  server.use(
    http.patch("/api/appointments/a1", () =>
      refusal(412, "stale", { detail: "Somebody changed it after you opened it." }),
    ),
  );
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "Move…" }));
  await user.click(screen.getByRole("button", { name: "Move" }));
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("Somebody changed it after you opened it.");
  expect(alert).toHaveTextContent("It is shown now as it is.");
});

test("a refused move shows what is in the way and can be put over it with a reason", async () => {
  const sent: unknown[] = [];
  const conflict = { appointmentId: "b1", startsAt: "", endsAt: "", title: "Team", with: "practitioner" };
  server.use(
    http.patch("/api/appointments/a1", async ({ request }) => {
      sent.push(await request.json());
      if (sent.length === 1)
        return refusal(409, "appointment-overlaps", { detail: "Taken: Team.", conflict });
      return HttpResponse.json({ ...VISIT, version: 5 });
    }),
  );
  const { user, onClose, onOpen } = await open();
  await user.click(screen.getByRole("button", { name: "Move…" }));
  await user.selectOptions(screen.getByLabelText(/^Practitioner/), "Luis Gómez");
  await user.click(screen.getByRole("button", { name: "Move" }));
  await user.click(await screen.findByRole("button", { name: "See what is there" }));
  expect(onOpen).toHaveBeenCalledWith("b1");
  await user.click(screen.getByRole("button", { name: "Overbook on purpose…" }));
  await user.click(screen.getByRole("button", { name: "Overbook" }));
  expect(screen.getByLabelText(/^Why overbook/)).toHaveAccessibleDescription("This field is required");
  await user.type(screen.getByLabelText(/^Why overbook/), "Acute pain{Enter}");
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(sent.at(-1)).toMatchObject({ practitionerId: "p2", overbook: { reason: "Acute pain" } });
});

test("of a series, this and the later ones get the new hour and nothing else", async () => {
  const sent: unknown[] = [];
  server.use(
    http.get("/api/appointments", () => HttpResponse.json(collection([{ ...VISIT, seriesId: "s1" }]))),
    http.patch("/api/series/s1", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ id: "s1", appointments: [{ ...VISIT, seriesId: "s1", version: 5 }] });
    }),
  );
  const { user, onClose } = await open({ ...VISIT, seriesId: "s1" });
  await user.click(screen.getByRole("button", { name: "Move…" }));
  await user.click(screen.getByRole("button", { name: "This and later" }));
  expect(screen.queryByLabelText(/^Date/)).not.toBeInTheDocument();
  const start = screen.getByLabelText(/^Start/);
  await user.clear(start);
  await user.type(start, "12:30");
  await user.click(screen.getByRole("button", { name: "Move" }));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(sent).toEqual([{ at: "12:30", since: "a1" }]);
});

test("sessions of a series that cannot be moved are named", async () => {
  const taken = { startsAt: "2026-12-01T12:00:00+01:00", endsAt: "2026-12-01T13:00:00+01:00", instead: null };
  const occurrences = [{ ...taken, conflict: { title: "Holidays", with: "clinic" } }];
  server.use(
    http.get("/api/appointments", () => HttpResponse.json(collection([]))),
    http.post("/api/series/s1/cancellation", () => HttpResponse.json({ id: "s1", appointments: [VISIT] })),
    http.patch("/api/series/s1", () =>
      refusal(409, "series-not-free", { detail: "1 of 2 sessions cannot.", series: { occurrences } }),
    ),
  );
  const { user } = await open({ ...VISIT, seriesId: "s1" });
  await user.click(screen.getByRole("button", { name: "Move…" }));
  await user.click(screen.getByRole("button", { name: "All" }));
  await user.click(screen.getByRole("button", { name: "Move" }));
  const alert = await screen.findByRole("alert");
  expect(within(alert).getByRole("listitem")).toHaveTextContent(/1 Dec 12:00–13:00: Holidays/);
});

test("deleting asks first", async () => {
  let deleted = 0;
  server.use(
    http.delete("/api/appointments/a1", () => {
      deleted += 1;
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user, onClose } = await open();
  await user.click(screen.getByRole("button", { name: "Delete" }));
  expect(deleted).toBe(0);
  await user.click(screen.getByRole("button", { name: "Delete appointment" }));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(deleted).toBe(1);
});
