/** A freed time: those who wait for it with their phones, the longest waiting first; one click books. */
import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import type { WaitingEntry } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { collection, refusal, server } from "../../../test/server";
import { WaitingMatches } from "./WaitingMatches";

const SLOT = {
  practitionerId: "p1",
  startsAt: "2026-11-24T11:00:00+01:00",
  endsAt: "2026-11-24T12:00:00+01:00",
};
const waiting = (id: string, patientName: string, phone: string | null) =>
  ({ id, patientName, phone, minutes: 60, notes: null, createdAt: new Date().toISOString() }) as WaitingEntry;

async function open() {
  const asked: string[] = [];
  server.use(
    http.get("/api/waiting-list/matches", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(
        collection([waiting("w1", "Carmen Vázquez", "644 222 333"), waiting("w2", "Luis Prat", null)]),
      );
    }),
  );
  const onBooked = vi.fn();
  const { user } = await renderScreen(<WaitingMatches slot={SLOT} onBooked={onBooked} />);
  await screen.findByRole("heading", { name: "2 people wait for this time" });
  return { user, onBooked, asked };
}

test("they are listed as the server orders them, with a phone to call", async () => {
  const { asked } = await open();
  expect(new URLSearchParams(asked[0]).get("startsAt")).toBe(SLOT.startsAt);
  const [first, second] = screen.getAllByRole("listitem");
  expect(within(first as HTMLElement).getByRole("link", { name: "644 222 333" })).toHaveAttribute(
    "href",
    "tel:644222333",
  );
  expect(second).toHaveTextContent("Luis Prat");
});

test("one click books the person at that time", async () => {
  const sent: unknown[] = [];
  server.use(
    http.post("/api/waiting-list/w2/booking", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ id: "a9", version: 1 }, { status: 201 });
    }),
  );
  const { user, onBooked } = await open();
  await user.click(screen.getByRole("button", { name: /^Book Luis Prat/ }));
  await waitFor(() => expect(onBooked).toHaveBeenCalled());
  expect(sent).toEqual([{ practitionerId: "p1", startsAt: SLOT.startsAt }]);
});

test("when somebody was faster the reason is said", async () => {
  const detail = "That time is taken: Ana, 24/11/2026 11:00–12:00.";
  server.use(
    http.post("/api/waiting-list/w1/booking", () => refusal(409, "appointment-overlaps", { detail })),
  );
  const { user, onBooked } = await open();
  await user.click(screen.getByRole("button", { name: /^Book Carmen/ }));
  expect(await screen.findByRole("alert")).toHaveTextContent(detail);
  expect(onBooked).not.toHaveBeenCalled();
});
