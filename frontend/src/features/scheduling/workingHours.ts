/** The hours practitioners work, from their week grids, as the calendar tints them. */
import type { WeekGrid } from "@/api/types";

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

export interface WorkingHours {
  daysOfWeek: number[];
  /** HH:MM */
  startTime: string;
  endTime: string;
}

/** The stretches in which at least one of them works; slots that touch are one. */
export function workingHours(grids: readonly WeekGrid[]): WorkingHours[] {
  return WEEKDAYS.flatMap((weekday, day) => {
    const slots = grids.flatMap((grid) => grid[weekday]).map((entry) => entry.split("-") as [string, string]);
    return joined(slots).map(([startTime, endTime]) => ({ daysOfWeek: [day], startTime, endTime }));
  });
}

function joined(slots: [string, string][]): [string, string][] {
  const stretches: [string, string][] = [];
  for (const [start, end] of slots.toSorted(([one], [other]) => one.localeCompare(other))) {
    const last = stretches.at(-1);
    if (last && start <= last[1]) last[1] = last[1] > end ? last[1] : end;
    else stretches.push([start, end]);
  }
  return stretches;
}
