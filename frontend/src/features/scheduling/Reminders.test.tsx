/** The outbox: why a reminder failed and once more, and that nothing is sent without a mail server. */
import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { Reminder } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { collection, PATIENT, server } from "../../../test/server";
import { Reminders } from "./Reminders";

const FAILED: Reminder = {
  id: "r1",
  appointmentId: "a1",
  patientId: PATIENT.id,
  patientName: PATIENT.fullName,
  to: "maria@x.es",
  subject: "Your appointment on Tuesday",
  text: "We remind you of your appointment.",
  language: "en",
  startsAt: "2026-11-24T10:00:00+01:00",
  dueAt: "2026-11-23T10:00:00+01:00",
  state: "failed",
  messageId: "<r1@x.es>",
  attempts: [
    { at: "2026-11-23T10:00:00+01:00", outcome: "postponed", detail: "451 try later" },
    { at: "2026-11-23T10:05:00+01:00", outcome: "refused", detail: "550 no such user" },
  ],
  nextAttemptAt: null,
  sentAt: null,
  createdAt: "2026-11-22T10:00:00+01:00",
};
let configured: boolean;

beforeEach(() => {
  configured = true;
  server.use(
    http.get("/api/reminders", () => HttpResponse.json(collection([FAILED]))),
    http.get("/api/reminders/settings", () => HttpResponse.json({ configured, hoursBefore: 24 })),
  );
});

const open = () => renderScreen(<Reminders state={{ state: "all", page: 1 }} onChange={() => {}} />);

test("a failed reminder says why, shows its attempts, and is tried again", async () => {
  const retried: string[] = [];
  server.use(
    http.post("/api/reminders/:id/retry", ({ params }) => {
      retried.push(String(params.id));
      return HttpResponse.json({ ...FAILED, state: "waiting" });
    }),
  );
  const { user } = await open();
  expect(await screen.findByText(/maria@x.es · 550 no such user/)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Details" }));
  expect(screen.getByText("451 try later")).toBeInTheDocument();
  expect(screen.getByText("We remind you of your appointment.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await expect.poll(() => retried).toEqual(["r1"]);
});

test("without a mail server it is said that nothing goes out", async () => {
  configured = false;
  await open();
  expect(await screen.findByText("No mail server is configured")).toBeInTheDocument();
});
