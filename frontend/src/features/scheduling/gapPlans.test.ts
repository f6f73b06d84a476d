/** Gaps are generated where nothing is, deleted where some are on offer; why not is known beforehand. */
import { expect, test } from "vitest";
import type { Appointment, Practitioner } from "@/api/types";
import { gapPlans, whyNotDelete, whyNotGenerate } from "./gapPlans";

const WEEK = { start: "2026-11-23T00:00:00+01:00", end: "2026-11-30T00:00:00+01:00" };
const ANA = { id: "ana", name: "Ana" } as Practitioner;
const LUIS = { id: "luis", name: "Luis" } as Practitioner;
const NOW = new Date("2026-11-23T08:00:00Z");

function entry(practitionerId: string, type: Appointment["type"], day: string, status = "scheduled") {
  const [startsAt, endsAt] = [`${day}T10:00:00+01:00`, `${day}T11:00:00+01:00`];
  return { practitionerId, type, status, startsAt, endsAt } as Appointment;
}

const plansFor = (...entries: Appointment[]) => gapPlans(WEEK, [ANA, LUIS], entries);

test("generated for whom nothing is there yet", () => {
  const plans = plansFor(entry("ana", "appointment", "2026-11-25"));
  expect(plans.map(({ isEmpty }) => isEmpty)).toEqual([false, true]);
  expect(whyNotGenerate(plans, NOW)).toBeNull();
});

test("not when something is there for everybody", () => {
  const plans = plansFor(entry("ana", "gap", "2026-11-25"), entry("luis", "other", "2026-11-26"));
  expect(whyNotGenerate(plans, NOW)).toBe("calendar.gaps.notEmpty");
});

test("what was cancelled is in nobody's way, nor is what lies beside the days on screen", () => {
  const plans = plansFor(
    entry("ana", "appointment", "2026-11-25", "cancelled"),
    entry("ana", "appointment", "2026-11-30"),
  );
  expect(plans[0]?.isEmpty).toBe(true);
});

test("days that are over get none", () => {
  expect(whyNotGenerate(plansFor(), new Date("2026-12-01T00:00:00Z"))).toBe("calendar.gaps.past");
});

test("deleted where some are on offer; only where they are alone can they be generated anew", () => {
  expect(whyNotDelete(plansFor(entry("ana", "appointment", "2026-11-25")))).toBe("calendar.gaps.none");
  const plans = plansFor(
    entry("ana", "gap", "2026-11-25"),
    entry("ana", "appointment", "2026-11-26"),
    entry("luis", "gap", "2026-11-26"),
  );
  expect(whyNotDelete(plans)).toBeNull();
  expect(plans.map(({ gaps, onlyGaps }) => [gaps, onlyGaps])).toEqual([
    [1, false],
    [1, true],
  ]);
});
