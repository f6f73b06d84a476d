/** For whom gaps can be generated or deleted on the days on screen. */
import type { Appointment, GapRange, Practitioner } from "@/api/types";

export interface GapPlan {
  practitioner: Practitioner;
  range: GapRange;
  /** Gaps on offer that lie inside. */
  gaps: number;
  /** Nothing is there, so that gaps can be generated. */
  isEmpty: boolean;
  /** Gaps are all that is there: when they are deleted they can be generated anew. */
  onlyGaps: boolean;
}

export function gapPlans(
  window: { start: string; end: string },
  shown: readonly Practitioner[],
  appointments: readonly Appointment[],
): GapPlan[] {
  const [start, end] = [Date.parse(window.start), Date.parse(window.end)];
  return shown.map((practitioner) => {
    const theirs = appointments.filter(
      ({ practitionerId, startsAt, endsAt, status }) =>
        practitionerId === practitioner.id &&
        status !== "cancelled" &&
        Date.parse(startsAt) < end &&
        Date.parse(endsAt) > start,
    );
    const inside = theirs.filter(
      ({ type, startsAt, endsAt }) =>
        type === "gap" && Date.parse(startsAt) >= start && Date.parse(endsAt) <= end,
    );
    return {
      practitioner,
      range: { practitionerId: practitioner.id, ...window },
      gaps: inside.length,
      isEmpty: theirs.length === 0,
      onlyGaps: theirs.length === inside.length,
    };
  });
}

export type GapsRefusal = "calendar.gaps.past" | "calendar.gaps.notEmpty" | "calendar.gaps.none";

/** Why no gaps can be generated, or null. */
export function whyNotGenerate(plans: readonly GapPlan[], now: Date): GapsRefusal | null {
  if (plans.every(({ range }) => Date.parse(range.end) <= now.getTime())) return "calendar.gaps.past";
  return plans.some(({ isEmpty }) => isEmpty) ? null : "calendar.gaps.notEmpty";
}

export const whyNotDelete = (plans: readonly GapPlan[]): GapsRefusal | null =>
  plans.some(({ gaps }) => gaps > 0) ? null : "calendar.gaps.none";
