/** Who opened what: narrowed by the admin, and summed up for the patient. */
import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { beforeEach, expect, test } from "vitest";
import type { Access } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { ADMIN, collection, PATIENT, server } from "../../../test/server";
import { AccessLog, type AccessLogState } from "./AccessLog";
import { PatientAccesses } from "./PatientAccesses";

const READING: Access = {
  id: "a1",
  patientId: PATIENT.id,
  patientNumber: 7,
  patientName: PATIENT.fullName,
  actorId: ADMIN.id,
  actorName: ADMIN.name,
  what: "patient",
  recordId: null,
  ip: "192.0.2.7",
  userAgent: "Firefox",
  occurredAt: "2026-11-20T10:00:05+01:00",
};
let queries: URLSearchParams[];

function serve(readings: Access[]): void {
  queries = [];
  server.use(
    http.get("/api/access-log", ({ request }) => {
      queries.push(new URL(request.url).searchParams);
      return HttpResponse.json(collection(readings));
    }),
  );
}

function Log() {
  const [state, setState] = useState<AccessLogState>({ patient: "", person: "", from: "", to: "", page: 1 });
  return (
    <AccessLog state={state} onChange={(change) => setState((previous) => ({ ...previous, ...change }))} />
  );
}

beforeEach(() =>
  server.use(
    http.get("/api/users", () => HttpResponse.json(collection([ADMIN]))),
    http.get(`/api/patients/${PATIENT.id}`, () => HttpResponse.json(PATIENT)),
  ),
);

test("readings are narrowed by person and by days", async () => {
  serve([READING]);
  const { user } = await renderScreen(<Log />);
  expect(await screen.findByRole("link", { name: PATIENT.fullName })).toBeInTheDocument();
  expect([...(queries[0]?.keys() ?? [])]).toEqual(["page"]);
  await user.selectOptions(
    screen.getByLabelText("Person"),
    await screen.findByText("Ana Torres", { selector: "option" }),
  );
  await user.type(screen.getByLabelText("From"), "2026-11-01");
  await waitFor(() =>
    expect(Object.fromEntries(queries.at(-1) ?? [])).toEqual({
      actorId: ADMIN.id,
      from: "2026-11-01",
      page: "1",
    }),
  );
});

test("nothing found with a filter offers to clear it", async () => {
  serve([]);
  const { user } = await renderScreen(<Log />);
  expect(await screen.findByText("Nobody has opened clinical data yet")).toBeInTheDocument();
  await user.type(screen.getByLabelText("To"), "2026-11-01");
  expect(await screen.findByText("No readings found")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Clear search and filters" }));
  expect(await screen.findByText("Nobody has opened clinical data yet")).toBeInTheDocument();
});

test("for the patient, one person's look at several parts is one line", async () => {
  serve([
    { ...READING, id: "a3", what: "records", occurredAt: "2026-11-20T10:00:06+01:00" },
    READING,
    { ...READING, id: "a0", actorName: "Javier Soler", occurredAt: "2026-11-19T09:00:00+01:00" },
  ]);
  await renderScreen(<PatientAccesses patientId={PATIENT.id} />);
  expect(await screen.findByText("The clinical data of this file were opened 2 times.")).toBeInTheDocument();
  const [, first, second] = screen.getAllByRole("row");
  expect(first).toHaveTextContent("20 Nov 2026, 10:00Ana TorresClinical records, Patient’s card");
  expect(second).toHaveTextContent("Javier Soler");
});
