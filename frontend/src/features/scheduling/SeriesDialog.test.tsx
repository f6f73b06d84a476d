/** A series is checked while it is written, repaired with one click, and refused without losing anything. */
import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { Occurrence, SeriesInput } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { ADMIN, collection, PATIENT, refusal, server } from "../../../test/server";
import { SeriesDialog } from "./SeriesDialog";

const FIRST = "2026-11-24T10:00:00+01:00";
const TAKEN = "2026-12-01T10:00:00+01:00";
const INSTEAD = "2026-12-01T09:00:00+01:00";

let asked: SeriesInput[];
let booked: SeriesInput[];

function occurrence(startsAt: string): Occurrence {
  const endsAt = new Date(Date.parse(startsAt) + 3_600_000).toISOString();
  if (startsAt !== TAKEN) return { startsAt, endsAt, conflict: null, instead: null };
  const conflict = { startsAt, endsAt, title: "Luis Gómez", with: "practitioner" as const };
  return { startsAt, endsAt, conflict, instead: INSTEAD };
}
const met = (plan: SeriesInput) => (plan.startsAt ?? [FIRST, TAKEN]).map(occurrence);

beforeEach(() => {
  asked = [];
  booked = [];
  const ana = { id: ADMIN.id, name: "Ana Torres", colour: "#0f766e", initials: "AT", active: true };
  server.use(
    http.get("/api/practitioners", () => HttpResponse.json(collection([ana]))),
    http.post("/api/series/check", async ({ request }) => {
      const plan = (await request.json()) as SeriesInput;
      asked.push(plan);
      return HttpResponse.json({ occurrences: met(plan) });
    }),
    http.post("/api/series", async ({ request }) => {
      booked.push((await request.json()) as SeriesInput);
      return HttpResponse.json({ id: "s1", appointments: [{}, {}] }, { status: 201 });
    }),
  );
});

async function open() {
  const onClose = vi.fn();
  const patient = { id: PATIENT.id, label: PATIENT.fullName };
  const { user } = await renderScreen(<SeriesDialog patient={patient} startsAt={FIRST} onClose={onClose} />);
  await screen.findByText("1 in the way");
  return { user, onClose };
}

test("a date in the way is shown with who is there, and one click takes the nearest free start", async () => {
  const { user, onClose } = await open();
  const rows = within(screen.getByRole("list")).getAllByRole("listitem");
  expect(rows[0]).toHaveTextContent("Free");
  expect(rows[1]).toHaveTextContent("Taken by Luis Gómez, 10:00–11:00");

  await user.click(screen.getByRole("button", { name: /take Tue 1 Dec, 09:00/ }));
  await screen.findByText("All free");
  expect(asked.at(-1)?.startsAt).toEqual([FIRST, INSTEAD]);

  await user.click(screen.getByRole("button", { name: "Book 2 sessions" }));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(booked).toEqual([
    { practitionerId: ADMIN.id, patientId: PATIENT.id, minutes: 60, startsAt: [FIRST, INSTEAD] },
  ]);
});

test("nothing is booked while a date is in the way", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "Book 2 sessions" }));
  expect(booked).toEqual([]);
});

test("a dropped date is gone, and the rule brings it back", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: /Drop Tue 1 Dec/ }));
  expect(await screen.findByRole("button", { name: "Book 1 session" })).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Back to the rule" }));
  expect(await screen.findByText("1 in the way")).toBeInTheDocument();
});

test("what was taken in the meantime is shown in the same list", async () => {
  const { user, onClose } = await open();
  await user.click(screen.getByRole("button", { name: /take Tue 1 Dec, 09:00/ }));
  await screen.findByText("All free");
  const endsAt = "2026-12-01T10:00:00+01:00";
  const conflict = { startsAt: INSTEAD, endsAt, title: "Carmen Vázquez", with: "practitioner" };
  const occurrences = [occurrence(FIRST), { startsAt: INSTEAD, endsAt, conflict, instead: null }];
  const detail = "1 of 2 sessions cannot take place then; none was booked.";
  server.use(
    http.post("/api/series", () => refusal(409, "series-not-free", { detail, series: { occurrences } })),
  );
  await user.click(screen.getByRole("button", { name: "Book 2 sessions" }));
  expect(await screen.findByRole("alert")).toHaveTextContent(detail);
  expect(screen.getByText("Taken by Carmen Vázquez, 09:00–10:00")).toBeInTheDocument();
  expect(onClose).not.toHaveBeenCalled();
});
