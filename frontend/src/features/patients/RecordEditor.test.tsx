/** The record's form: nothing carried unseen, nothing corrected without a reason, nothing lost when a colleague was first. */
import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import { renderScreen } from "../../../test/render";
import { PATIENT, RECORD, refusal, server } from "../../../test/server";
import { RecordEditor } from "./RecordEditor";
import type { RecordStart } from "./recordForm";

async function open(start: RecordStart) {
  const onSaved = vi.fn();
  const rendered = await renderScreen(
    <RecordEditor patientId={PATIENT.id} start={start} onSaved={onSaved} onCancel={() => {}} />,
  );
  return { ...rendered, onSaved };
}

function listen(path: string, answers: (() => Response)[] = []): Record<string, unknown>[] {
  const sent: Record<string, unknown>[] = [];
  server.use(
    http.post(path, async ({ request }) => {
      sent.push((await request.json()) as Record<string, unknown>);
      return (answers[sent.length - 1] ?? (() => HttpResponse.json(RECORD, { status: 201 })))();
    }),
  );
  return sent;
}

const field = (name: string) => screen.getByRole("textbox", { name: new RegExp(`^${name}`) });

test("a record carried forward marks what is still as it was, until it is written anew", async () => {
  const sent = listen("/api/records");
  const { user, onSaved } = await open({ kind: "carried", base: RECORD });
  expect(screen.getByText("Carried forward from record no. 2 of 12 Nov 2026")).toBeInTheDocument();
  expect(field("Current situation")).toHaveValue("VAS 7/10");
  expect(field("Current situation")).toHaveAccessibleDescription("Carried over from no. 2");
  expect(field("Onset")).not.toHaveAccessibleDescription();

  await user.clear(field("Current situation"));
  await user.type(field("Current situation"), "VAS 3/10");
  expect(field("Current situation")).toHaveAccessibleDescription("Changed");
  await user.click(screen.getByRole("button", { name: "Empty “Reason for consultation”" }));
  expect(field("Reason for consultation")).toHaveFocus();

  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(sent[0]).toMatchObject({
    patientId: PATIENT.id,
    currentSituation: "VAS 3/10",
    consultationReason: null,
    physiotherapyTreatment: "Manual therapy of L4-L5",
  });
  expect(sent[0]?.date).not.toBe(RECORD.date);
});

test("what was changed can be put back as it was", async () => {
  const { user } = await open({ kind: "carried", base: RECORD });
  await user.type(field("Current situation"), " and better");
  await user.click(screen.getByRole("button", { name: "“Current situation” as it was" }));
  expect(field("Current situation")).toHaveValue("VAS 7/10");
});

test("a correction begins from the record, keeps its day and wants a reason", async () => {
  const sent = listen(`/api/records/${RECORD.id}/corrections`);
  const { user, onSaved } = await open({ kind: "correction", base: RECORD });
  expect(screen.getByText(/Version 1 by Ana Torres stays in the history/)).toBeInTheDocument();
  const act = screen.getByRole("button", { name: "Save the correction" });
  await user.clear(field("Reason for consultation"));
  await user.type(field("Reason for consultation"), "Pain in the left leg");
  await user.click(act);
  await waitFor(() => expect(field("Reason for the correction")).toHaveFocus());
  expect(sent).toEqual([]);
  await user.type(field("Reason for the correction"), "The other leg");
  await user.click(act);
  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(sent[0]).toMatchObject({
    reason: "The other leg",
    date: "2026-11-12",
    consultationReason: "Pain in the left leg",
    sickLeave: true,
  });
  expect(sent[0]).not.toHaveProperty("patientId");
});

test("when a colleague corrected it first, mine is laid over theirs and goes to the new version", async () => {
  const theirs = { ...RECORD, id: "0193a1b2-0000-7000-8000-0000000000c9", revision: 2, onset: "Last week" };
  const taken = () => refusal(409, "record-already-corrected", { latestId: theirs.id });
  listen(`/api/records/${RECORD.id}/corrections`, [taken]);
  server.use(http.get(`/api/records/${theirs.id}`, () => HttpResponse.json(theirs)));
  const sent = listen(`/api/records/${theirs.id}/corrections`);
  const { user, onSaved } = await open({ kind: "correction", base: RECORD });
  await user.type(field("Reason for the correction"), "The other leg");
  await user.type(field("Notes"), "Mine");
  await user.click(screen.getByRole("button", { name: "Save the correction" }));
  expect(await screen.findByText("Ana Torres corrected this record meanwhile")).toBeInTheDocument();
  expect(field("Onset")).toHaveValue("Last week");
  expect(field("Notes")).toHaveValue("Mine");
  await user.click(screen.getByRole("button", { name: "Save the correction" }));
  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(sent[0]).toMatchObject({ onset: "Last week", notes: "Mine", reason: "The other leg" });
});

test("each kind of writing keeps a draft of its own", async () => {
  const first = await open({ kind: "correction", base: RECORD });
  await first.user.type(field("Notes"), "Half a thought");
  await waitFor(() => expect(JSON.stringify({ ...localStorage })).toContain("Half a thought"));
  document.body.replaceChildren();
  await open({ kind: "new", base: null });
  expect(field("Notes")).toHaveValue("");
  document.body.replaceChildren();
  await open({ kind: "correction", base: RECORD });
  await waitFor(() => expect(field("Notes")).toHaveValue("Half a thought"));
});

test("a day before today is said to be back-dated", async () => {
  const { user } = await open({ kind: "new", base: null });
  const date = screen.getByLabelText(/^Date/);
  expect(date).not.toHaveAccessibleDescription();
  await user.clear(date);
  await user.type(date, "2020-02-03");
  expect(date).toHaveAccessibleDescription(/Back-dated/);
});
