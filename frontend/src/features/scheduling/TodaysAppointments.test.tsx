/** Today on the dashboard: who comes, and nothing that takes no time. */
import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { Appointment } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { collection, server } from "../../../test/server";
import { TodaysAppointments } from "./TodaysAppointments";

const now = new Date().toISOString();
const VISIT = {
  practitionerId: "p1",
  patientId: null,
  type: "other",
  status: "scheduled",
  allDay: false,
  startsAt: now,
  endsAt: now,
  confirmedAt: null,
};

test("neither gaps nor what was cancelled is among what is to come, and who confirmed is seen", async () => {
  const today = [
    { ...VISIT, id: "gap", type: "gap", title: "" },
    { ...VISIT, id: "cancelled", title: "Called off", status: "cancelled" },
    { ...VISIT, id: "meeting", title: "Meeting", confirmedAt: now },
  ] as Appointment[];
  server.use(
    http.get("/api/practitioners", () => HttpResponse.json(collection([]))),
    http.get("/api/appointments", () => HttpResponse.json(collection(today))),
  );
  await renderScreen(<TodaysAppointments />);
  const item = (await screen.findByText("Meeting")).closest("li") as HTMLElement;
  expect(screen.getAllByRole("listitem")).toEqual([item]);
  expect(within(item).getByText("Confirmed")).toBeInTheDocument();
});
