/** One patient: who may see what, what is said of the inactive and the erased, and how records tell their history. */
import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { Patient, User } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { ADMIN, collection, PATIENT, RECEPTIONIST, RECORD, refusal, server } from "../../../test/server";
import { PatientPage } from "./PatientPage";

const CORRECTED = {
  ...RECORD,
  id: "0193a1b2-0000-7000-8000-0000000000c2",
  revision: 2,
  consultationReason: "Pain in the left leg",
  replacesId: RECORD.id,
  correctionReason: "The other leg",
  authorName: "Javier Soler",
};
let asked: string[];

function serve(patient: Patient): void {
  server.use(
    http.get(`/api/patients/${PATIENT.id}`, () => HttpResponse.json(patient)),
    http.get("/api/records", () => HttpResponse.json(collection([CORRECTED]))),
    http.get(`/api/records/${CORRECTED.id}/corrections`, () =>
      HttpResponse.json(collection([CORRECTED, { ...RECORD, latest: false }])),
    ),
  );
}

const open = (me: User = ADMIN) =>
  renderScreen(<PatientPage patientId={PATIENT.id} appointments={() => <p>diary</p>} invoices={null} />, me);

beforeEach(() => {
  asked = [];
  server.events.removeAllListeners();
  server.events.on("request:start", ({ request }) => asked.push(new URL(request.url).pathname));
});

test("the desk sees the registry and never asks for a clinical route", async () => {
  const { allergies: _, ...registry } = PATIENT;
  serve(registry);
  await open(RECEPTIONIST);
  expect(await screen.findByText("diary")).toBeInTheDocument();
  expect(screen.queryByText("Clinical records")).not.toBeInTheDocument();
  expect(screen.queryByText("Clinical background")).not.toBeInTheDocument();
  expect(screen.queryByText("Data protection")).not.toBeInTheDocument();
  expect(asked).toEqual([`/api/patients/${PATIENT.id}`]);
});

test("whoever treats sees the alerts before anything else", async () => {
  serve({ ...PATIENT, medication: "Sintrom" });
  await open({ ...ADMIN, roles: ["ROLE_PRACTITIONER"] });
  const alerts = await screen.findByRole("region", { name: "Medical alerts" });
  expect(alerts).toHaveTextContent("Allergies: PenicillinMedication: Sintrom");
  expect(screen.queryByText("Data protection")).not.toBeInTheDocument();
});

test("a corrected record tells its versions: who, why and what differs", async () => {
  serve(PATIENT);
  const { user } = await open();
  await user.click(await screen.findByRole("button", { name: "Corrected once" }));
  const versions = await screen.findByRole("list", { name: "Versions of record no. 2" });
  expect(versions).toHaveTextContent("Version 2 Javier Soler");
  expect(versions).toHaveTextContent("Reason for the correction: The other leg");
  expect(within(versions).getByText("right").tagName).toBe("DEL");
  expect(within(versions).getByText("left").tagName).toBe("INS");
  expect(versions).toHaveTextContent("Version 1 Ana Torres");
});

test("an inactive patient is said to be, is not booked, and is active again in one click", async () => {
  serve({ ...PATIENT, status: "inactive" });
  server.use(http.patch(`/api/patients/${PATIENT.id}`, () => HttpResponse.json({ ...PATIENT, version: 4 })));
  const { user } = await open();
  expect(await screen.findByText("This patient is inactive")).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "Book appointment" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Make active again" }));
  expect(await screen.findByRole("link", { name: "Book appointment" })).toBeInTheDocument();
  expect(screen.queryByText("This patient is inactive")).not.toBeInTheDocument();
});

test("an erased patient is only looked at", async () => {
  serve({ ...PATIENT, allergies: null, erasedAt: "2026-11-20T10:00:00+01:00" });
  await open();
  expect(await screen.findByText("Erased on 20 Nov 2026")).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "Edit" })).not.toBeInTheDocument();
  await screen.findByText("Pain in the left leg");
  expect(screen.queryByRole("link", { name: /^Correct/ })).not.toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "New record" })).not.toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Who opened this file" })).toBeInTheDocument();
});

test("who is unknown or not for this person is not asked for again", async () => {
  server.use(http.get(`/api/patients/${PATIENT.id}`, () => refusal(404, "not-found")));
  await open();
  expect(await screen.findByRole("alert")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Try again" })).not.toBeInTheDocument();
});

test("a part that is down may be asked again", async () => {
  server.use(http.get(`/api/patients/${PATIENT.id}`, () => refusal(503, "part-unavailable")));
  const { user } = await open();
  await screen.findByRole("alert");
  serve(PATIENT);
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: PATIENT.fullName })).toBeInTheDocument();
});

test("the last changes are read only when they are asked for", async () => {
  serve(PATIENT);
  const change = {
    id: "c1",
    operation: "updated",
    changes: { phone: ["611", "612"], version: [1, 2], status: ["active", "inactive"] },
    actorName: "Lucía Pérez",
    occurredAt: "2026-11-20T10:00:00+01:00",
  };
  server.use(http.get("/api/audit-trail", () => HttpResponse.json(collection([change]))));
  const { user } = await open();
  await user.click(await screen.findByRole("button", { name: "Show who changed what" }));
  expect(await screen.findByText("Phone, Status")).toBeInTheDocument();
  expect(screen.getByText("611 → 612")).toBeInTheDocument();
  expect(screen.getByText("Active → Inactive")).toBeInTheDocument();
  await waitFor(() => expect(asked.filter((path) => path === "/api/audit-trail")).toHaveLength(1));
});
