/** The practitioner's diary in other calendar programs: a private address, shown once, renewed or revoked. */
import type { Practitioner } from "@/api/types";

export function CalendarFeed(_: { practitioner: Practitioner }) {
  return null;
}
