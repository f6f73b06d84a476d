/** The patient form: errors where they are, nothing lost, nothing twice, nothing clinical at the desk. */
import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import type { Patient, User } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { ADMIN, PATIENT, RECEPTIONIST, refusal, server } from "../../../test/server";
import { PatientEditor } from "./PatientEditor";

interface Sent {
  body: Record<string, unknown>;
  key: string | null;
  ifMatch: string | null;
}

async function open(patient: Patient | null = null, me: User = ADMIN) {
  const onSaved = vi.fn();
  const rendered = await renderScreen(
    <PatientEditor patient={patient} onSaved={onSaved} onCancel={() => {}} />,
    me,
  );
  return { ...rendered, onSaved };
}

function listen(method: "post" | "put", path: string, answers: (() => Response)[]): Sent[] {
  const sent: Sent[] = [];
  server.use(
    http[method](path, async ({ request }) => {
      const { headers } = request;
      const body = (await request.json()) as Sent["body"];
      sent.push({ body, key: headers.get("Idempotency-Key"), ifMatch: headers.get("If-Match") });
      return (answers[sent.length - 1] ?? (() => HttpResponse.json(PATIENT, { status: 201 })))();
    }),
  );
  return sent;
}

const save = () => screen.getByRole("button", { name: "Save" });

test("what is missing is said at its field and the first one is focused, without asking the server", async () => {
  const { user } = await open();
  await user.click(save());
  expect(await screen.findAllByText("This field is required")).toHaveLength(2);
  expect(screen.getByLabelText(/^First name/)).toHaveFocus();
  expect(screen.getByLabelText(/^First name/)).toHaveAccessibleDescription("This field is required");
});

test("the server's violations appear at their fields in its words, the first focused", async () => {
  const violations = [
    { propertyPath: "email", message: "Another patient has this email.", code: "duplicate" },
    { propertyPath: "taxId", message: "Too strange.", code: "invalid" },
    { propertyPath: "somewhereElse", message: "And this.", code: "invalid" },
  ];
  listen("post", "/api/patients", [() => refusal(422, "validation-failed", { violations })]);
  const { user } = await open();
  await user.type(screen.getByLabelText(/^First name/), "María José");
  await user.type(screen.getByLabelText(/^Last name/), "Muñoz García");
  await user.click(save());
  const email = screen.getByLabelText("Email");
  await waitFor(() => expect(email).toHaveAccessibleDescription("Another patient has this email."));
  expect(email).toHaveFocus();
  expect(screen.getByLabelText("ID document")).toHaveAccessibleDescription(/Too strange\./);
  expect(screen.getByRole("alert")).toHaveTextContent("And this.");
});

test("blank fields are sent as null and texts without their edges", async () => {
  const sent = listen("post", "/api/patients", []);
  const { user, onSaved } = await open();
  await user.type(screen.getByLabelText(/^First name/), " María José ");
  await user.type(screen.getByLabelText(/^Last name/), "Muñoz García");
  await user.type(screen.getByLabelText("Rate"), "45,5");
  await user.click(save());
  await waitFor(() => expect(onSaved).toHaveBeenCalledWith(PATIENT));
  expect(sent[0]?.body).toMatchObject({
    firstName: "María José",
    phone: null,
    rate: "45.5",
    allergies: null,
  });
});

test("a repeated send after a lost network carries the same key; after a refusal a new one", async () => {
  const sent = listen("post", "/api/patients", [() => HttpResponse.error(), () => refusal(409, "rule")]);
  const { user, onSaved } = await open();
  await user.type(screen.getByLabelText(/^First name/), "María José");
  await user.type(screen.getByLabelText(/^Last name/), "Muñoz");
  await user.click(save());
  expect(await screen.findByRole("alert")).toHaveTextContent("No connection");
  await user.click(save());
  await waitFor(() => expect(sent).toHaveLength(2));
  await screen.findByRole("alert");
  await user.click(save());
  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(sent[0]?.key).toMatch(/^[0-9a-f]{32}$/);
  expect(sent[1]?.key).toBe(sent[0]?.key);
  expect(sent[2]?.key).not.toBe(sent[0]?.key);
});

test("the desk neither sees nor sends the clinical background", async () => {
  const sent = listen("post", "/api/patients", []);
  const { user, onSaved } = await open(null, RECEPTIONIST);
  expect(screen.queryByLabelText("Allergies")).not.toBeInTheDocument();
  await user.type(screen.getByLabelText(/^First name/), "María José");
  await user.type(screen.getByLabelText(/^Last name/), "Muñoz");
  await user.click(save());
  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(Object.keys(sent[0]?.body ?? {})).not.toContain("allergies");
});

test("a change names the version it was made on", async () => {
  const sent = listen("put", `/api/patients/${PATIENT.id}`, []);
  const { user, onSaved } = await open(PATIENT);
  await user.clear(screen.getByLabelText(/^Last name/));
  await user.type(screen.getByLabelText(/^Last name/), "Muñoz Gil");
  await user.click(save());
  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(sent[0]).toMatchObject({ ifMatch: '"3"', body: { lastName: "Muñoz Gil", allergies: "Penicillin" } });
});

test("a colleague's change in between is shown beside mine, and mine may be saved over it", async () => {
  const theirs = { ...PATIENT, phone: "699 000 000", version: 4 };
  server.use(http.get(`/api/patients/${PATIENT.id}`, () => HttpResponse.json(theirs)));
  const sent = listen("put", `/api/patients/${PATIENT.id}`, [() => refusal(412, "stale-version")]);
  const { user, onSaved } = await open(PATIENT);
  await user.clear(screen.getByLabelText("Phone"));
  await user.type(screen.getByLabelText("Phone"), "611 111 111");
  await user.click(save());
  expect(await screen.findByRole("alert")).toHaveTextContent("yours “611 111 111”, theirs “699 000 000”");
  expect(onSaved).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Save mine over it" }));
  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(sent.map(({ ifMatch }) => ifMatch)).toEqual(['"3"', '"4"']);
});

test("what was written survives a reload, until it is discarded", async () => {
  const first = await open();
  await first.user.type(screen.getByLabelText(/^First name/), "María José");
  await waitFor(() => expect(JSON.stringify({ ...localStorage })).toContain("María José"));
  document.body.replaceChildren();

  const second = await open();
  expect(await screen.findByText(/^Draft from \d\d:\d\d restored$/)).toBeInTheDocument();
  expect(screen.getByLabelText(/^First name/)).toHaveValue("María José");
  await second.user.click(screen.getByRole("button", { name: "Discard the draft" }));
  expect(screen.getByLabelText(/^First name/)).toHaveValue("");
  expect(JSON.stringify({ ...localStorage })).not.toContain("María José");
});
