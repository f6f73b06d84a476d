/** Working hours: errors at their entries, a colleague's newer week shown first, and who may only read. */
import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { User, WeekGrid } from "@/api/types";
import { renderScreen } from "../../../test/render";
import { ADMIN, collection, RECEPTIONIST, refusal, server } from "../../../test/server";
import { WorkingHours } from "./WorkingHours";

const WEEK: WeekGrid = {
  practitionerId: "p1",
  monday: ["09:00-10:00"],
  tuesday: [],
  wednesday: [],
  thursday: [],
  friday: [],
  saturday: [],
  sunday: [],
  version: 1,
};
let current: WeekGrid;
let sent: { week: WeekGrid; tag: string | null }[];

beforeEach(() => {
  current = WEEK;
  sent = [];
  const luis = { id: "p1", name: "Luis Gómez", colour: "#b45309", initials: "LG", active: true };
  server.use(
    http.get("/api/practitioners", () => HttpResponse.json(collection([luis]))),
    http.get("/api/practitioners/p1/week-grid", () => HttpResponse.json(current)),
    http.get("/api/practitioners/p1/calendar-feed", () =>
      HttpResponse.json({
        practitionerId: "p1",
        active: false,
        createdAt: null,
        lastReadAt: null,
        names: "initials",
      }),
    ),
    http.put("/api/practitioners/p1/week-grid", async ({ request }) => {
      const tag = request.headers.get("If-Match");
      sent.push({ week: (await request.json()) as WeekGrid, tag });
      if (tag !== `"${current.version}"`) return refusal(412, "stale");
      current = { ...current, ...sent.at(-1)?.week, version: current.version + 1 };
      return HttpResponse.json(current);
    }),
  );
});

async function open(me: User = ADMIN) {
  const rendered = await renderScreen(<WorkingHours practitionerId="" onChoose={() => {}} />, me);
  await screen.findByText("The clinic’s default");
  return rendered;
}

test("a slot is added, copied to another day and saved over the version that was seen", async () => {
  const { user } = await open();
  await user.click(await screen.findByRole("button", { name: "Add a slot on Monday" }));
  await user.click(screen.getByRole("button", { name: "Copy Monday to other days" }));
  await user.click(await screen.findByRole("menuitem", { name: "Wednesday" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByText("The clinic’s default")).not.toBeInTheDocument());
  const slots = ["09:00-10:00", "10:00-11:00"];
  expect(sent[0]).toMatchObject({ tag: '"1"', week: { monday: slots, wednesday: slots, tuesday: [] } });
});

test("what the server refuses stands at its entry", async () => {
  const { user } = await open();
  const message = "“09:30-11:00” overlaps another slot of that day.";
  server.use(
    http.put("/api/practitioners/p1/week-grid", () =>
      refusal(422, "invalid", {
        violations: [{ propertyPath: "monday.1", message, code: "grid-slot-overlaps" }],
      }),
    ),
  );
  await user.click(await screen.findByRole("button", { name: "Add a slot on Monday" }));
  const [, start] = screen.getAllByLabelText("From, Monday");
  await user.clear(start as HTMLElement);
  await user.type(start as HTMLElement, "930");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const monday = screen.getByRole("group", { name: "Monday" });
  expect(await within(monday).findByText(message)).toBeInTheDocument();
  expect(screen.getAllByLabelText("From, Monday")[1]).toHaveAttribute("aria-invalid", "true");
  expect(screen.getAllByLabelText("From, Monday")[1]).toHaveValue("09:30");
});

test("a colleague's newer week is shown before it is written over", async () => {
  const { user } = await open();
  await user.click(await screen.findByRole("button", { name: "Add a slot on Monday" }));
  current = { ...WEEK, friday: ["16:00-17:00"], version: 2 };
  await user.click(screen.getByRole("button", { name: "Save" }));
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("Somebody changed these hours meanwhile");
  expect(alert).toHaveTextContent("16:00–17:00");
  await user.click(within(alert).getByRole("button", { name: "Save mine over it" }));
  await waitFor(() => expect(current.version).toBe(3));
  expect(sent.at(-1)?.week.monday).toEqual(["09:00-10:00", "10:00-11:00"]);
  expect(current.friday).toEqual([]);
});

test("the desk reads the hours and changes nothing", async () => {
  await open(RECEPTIONIST);
  expect(await screen.findByText("09:00–10:00")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Save" })).not.toBeInTheDocument();
  expect(screen.queryByText("The diary in another calendar")).not.toBeInTheDocument();
});
