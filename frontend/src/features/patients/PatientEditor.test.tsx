/** The patient form: errors where they are, nothing lost, nothing twice, nothing clinical at the desk. */
import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import type { LikelyMatch, Patient, User } from "@/api/types";
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

const MATCH: LikelyMatch = {
  id: "0193a1b2-0000-7000-8000-0000000000b7",
  number: 54,
  fullName: "Mª José Muñoz García",
  dateOfBirth: "1984-05-12",
  phone: "612 345 678",
  taxId: null,
  email: null,
  status: "active",
  reasons: ["name-and-birth-date", "phone"],
};

async function registerAgain() {
  const duplicate = () => refusal(409, "patient-likely-duplicate", { matches: [MATCH] });
  const sent = listen("post", "/api/patients", [duplicate]);
  const opened = await open();
  await opened.user.type(screen.getByLabelText(/^First name/), "María José");
  await opened.user.type(screen.getByLabelText(/^Last name/), "Muñoz García");
  await opened.user.click(save());
  const card = await screen.findByRole("region", { name: "This patient may be registered already" });
  return { ...opened, sent, card };
}

test("a likely duplicate is shown with the reason and gets the focus; somebody else is registered all the same", async () => {
  const { user, sent, card, onSaved } = await registerAgain();
  expect(screen.getByRole("heading", { name: "This patient may be registered already" })).toHaveFocus();
  expect(card).toHaveTextContent("Same name and date of birth · Same phone");
  expect(card).toHaveTextContent("No. 54 · 12 May 1984 · 612 345 678");
  expect(sent[0]?.body.force).toBe(false);
  await user.click(screen.getByRole("button", { name: "It is someone else: register anyway" }));
  await waitFor(() => expect(onSaved).toHaveBeenCalledWith(PATIENT));
  expect(sent[1]?.body).toMatchObject({ firstName: "María José", force: true });
  expect(sent[1]?.key).not.toBe(sent[0]?.key);
});

test("back from the likely duplicate the form has the focus, and a changed form is asked about anew", async () => {
  const { user, sent } = await registerAgain();
  await user.click(screen.getByRole("button", { name: "Back to the form" }));
  expect(screen.getByLabelText(/^First name/)).toHaveFocus();
  await user.click(save());
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]?.body.force).toBe(false);
});

test("where a patient is waited for, the one whom the registry knows is taken", async () => {
  listen("post", "/api/patients", [() => refusal(409, "patient-likely-duplicate", { matches: [MATCH] })]);
  const onKnown = vi.fn();
  const { user } = await renderScreen(
    <PatientEditor patient={null} onSaved={() => {}} onCancel={() => {}} onKnown={onKnown} />,
  );
  await user.type(screen.getByLabelText(/^First name/), "María José");
  await user.type(screen.getByLabelText(/^Last name/), "Muñoz García");
  await user.click(save());
  await user.click(await screen.findByRole("button", { name: "It is this person" }));
  expect(onKnown).toHaveBeenCalledWith(MATCH.id);
  expect(JSON.stringify({ ...localStorage })).not.toContain("Muñoz");
});

test("who opens the likely duplicate loses nothing of what was written", async () => {
  const { user } = await registerAgain();
  await user.type(screen.getByLabelText("Phone"), "699");
  await user.click(screen.getByRole("link", { name: MATCH.fullName }));
  await screen.findByText("another screen");
  expect(JSON.stringify({ ...localStorage })).toContain("699");
});

test("a wrong letter of a DNI is said at its field and refused by nobody", async () => {
  const sent = listen("post", "/api/patients", []);
  const { user, onSaved } = await open();
  await user.type(screen.getByLabelText(/^First name/), "María José");
  await user.type(screen.getByLabelText(/^Last name/), "Muñoz");
  await user.type(screen.getByLabelText("ID document"), "12345678A");
  expect(screen.getByLabelText("ID document")).toHaveAccessibleDescription(/check letter does not match/);
  await user.click(save());
  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(sent[0]?.body.taxId).toBe("12345678A");
});

test("made inactive in the danger zone, the form goes on from the new version", async () => {
  const inactive: Patient = { ...PATIENT, status: "inactive", version: 4 };
  server.use(
    http.patch(`/api/patients/${PATIENT.id}`, async ({ request }) => {
      expect(await request.json()).toEqual({ status: "inactive" });
      expect(request.headers.get("If-Match")).toBe('"3"');
      return HttpResponse.json(inactive);
    }),
  );
  const sent = listen("put", `/api/patients/${PATIENT.id}`, []);
  const { user, onSaved } = await open(PATIENT);
  await user.click(screen.getByRole("button", { name: "Make inactive" }));
  await screen.findByRole("button", { name: "Make active again" });
  await user.click(save());
  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(sent[0]).toMatchObject({ ifMatch: '"4"', body: { status: "inactive" } });
});

test("the erasure shows what goes and what stays, and wants a reason and the patient's number", async () => {
  const preview = {
    erasedAt: null,
    erased: [{ context: "patients", what: "registry", title: "Contact data", count: 1 }],
    kept: [
      {
        context: "patients",
        what: "records",
        title: "Records",
        count: 4,
        reason: "By law.",
        until: "2031-11-12",
      },
    ],
  };
  const erased: unknown[] = [];
  server.use(
    http.get(`/api/patients/${PATIENT.id}/erasure`, () => HttpResponse.json(preview)),
    http.post(`/api/patients/${PATIENT.id}/erasure`, async ({ request }) => {
      erased.push(await request.json(), request.headers.get("If-Match"));
      return HttpResponse.json({ ...preview, erasedAt: "2026-11-22T10:00:00+01:00" });
    }),
  );
  const onCancel = vi.fn();
  const { user } = await renderScreen(
    <PatientEditor patient={PATIENT} onSaved={() => {}} onCancel={onCancel} />,
    ADMIN,
  );
  await user.click(screen.getByRole("button", { name: "Erase the patient’s data" }));
  expect(await screen.findByText("Contact data")).toBeInTheDocument();
  expect(screen.getByText("By law. Until 12 Nov 2031.")).toBeInTheDocument();
  const act = screen.getByRole("button", { name: "Erase for good" });
  await user.click(act);
  expect(screen.getByLabelText(/^Reason/)).toHaveFocus();
  await user.type(screen.getByLabelText(/^Reason/), "She asked for it");
  await user.type(screen.getByLabelText(/^Type 7/), "8");
  await user.click(act);
  expect(screen.getByLabelText(/^Type 7/)).toHaveAccessibleDescription("This is not the patient’s number");
  expect(erased).toEqual([]);
  await user.clear(screen.getByLabelText(/^Type 7/));
  await user.type(screen.getByLabelText(/^Type 7/), "7");
  await user.click(act);
  await waitFor(() => expect(onCancel).toHaveBeenCalled());
  expect(erased).toEqual([{ reason: "She asked for it" }, '"3"']);
});

test("the desk may make a patient inactive but not erase", async () => {
  await open(PATIENT, RECEPTIONIST);
  expect(screen.getByRole("button", { name: "Make inactive" })).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Erase the patient’s data" })).not.toBeInTheDocument();
});
