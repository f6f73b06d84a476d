/** The link in a reminder: confirmed, cancelled after a question, in the visit's language, and links that ended. */
import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { Visit } from "@/api/types";
import es from "@/i18n/es.json";
import { renderScreen } from "../../../test/render";
import { refusal, server } from "../../../test/server";
import { VisitPage } from "./VisitPage";

const VISIT: Visit = {
  startsAt: "2026-11-24T10:00:00+01:00",
  endsAt: "2026-11-24T11:00:00+01:00",
  allDay: false,
  practitionerName: "Ana Torres",
  status: "scheduled",
  confirmedAt: null,
  language: "en",
};
let visit: Visit;
let said: unknown[];

beforeEach(() => {
  visit = VISIT;
  said = [];
  server.use(
    http.get("/i18n/es.json", () => HttpResponse.json(es)),
    http.get("/api/visits/t1", () => HttpResponse.json(visit)),
    http.post("/api/visits/t1/confirmation", () =>
      HttpResponse.json({ ...visit, confirmedAt: "2026-11-23T10:00:00+01:00" }),
    ),
    http.post("/api/visits/t1/cancellation", async ({ request }) => {
      said.push(await request.json());
      return HttpResponse.json({ ...visit, status: "cancelled" });
    }),
  );
});

test("the visit is confirmed with one press", async () => {
  const { user } = await renderScreen(<VisitPage token="t1" />);
  expect(await screen.findByText("10:00")).toBeInTheDocument();
  expect(screen.getByText("with Ana Torres")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "I will come" }));
  expect(await screen.findByRole("heading", { name: "Confirmed, thank you" })).toHaveFocus();
  expect(screen.queryByRole("button", { name: "I will come" })).not.toBeInTheDocument();
});

test("it is cancelled only after the question, with a reason if she likes", async () => {
  const { user } = await renderScreen(<VisitPage token="t1" />);
  await user.click(await screen.findByRole("button", { name: "I cannot come" }));
  expect(said).toEqual([]);
  await user.type(screen.getByLabelText("Reason (optional)"), "I am ill");
  await user.click(screen.getByRole("button", { name: "Yes, cancel it" }));
  expect(await screen.findByRole("heading", { name: "Appointment cancelled" })).toBeInTheDocument();
  expect(said).toEqual([{ reason: "I am ill" }]);
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});

test("it is shown in the patient's language, not the browser's", async () => {
  visit = { ...VISIT, language: "es" };
  await renderScreen(<VisitPage token="t1" />);
  expect(await screen.findByRole("button", { name: "Asistiré" })).toBeInTheDocument();
  expect(screen.getByText("martes, 24 de noviembre")).toBeInTheDocument();
});

test.each([
  [404, "visit-not-found", "This link does not work"],
  [409, "visit-moved", "The appointment has moved"],
  [409, "visit-past", "This appointment is past"],
])("a link that ended with %s %s says so", async (status, code, heading) => {
  server.use(http.get("/api/visits/t1", () => refusal(status, code, { detail: "Please call the clinic." })));
  await renderScreen(<VisitPage token="t1" />);
  expect(await screen.findByRole("heading", { name: heading })).toBeInTheDocument();
  expect(screen.getByText("Please call the clinic.")).toBeInTheDocument();
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});
