/** Where somebody left the list, so that coming back finds the same row. In memory, for it holds what was searched. */
import type { PatientListState } from "./PatientList";

interface LeftList {
  userId: string;
  state: PatientListState;
  /** The patient who was opened. */
  row: string;
}

let left: LeftList | null = null;

export function leaveList(list: LeftList): void {
  left = list;
}

export const leftListOf = (userId: string): LeftList | null => (left?.userId === userId ? left : null);

/** The row to come back to, when this is the list that was left. */
export function leftRow(userId: string, state: PatientListState): string | null {
  const list = leftListOf(userId);
  return list && JSON.stringify(list.state) === JSON.stringify(state) ? list.row : null;
}
