/** Cancelled appointments of the coming two weeks whose time is still free and that somebody waits for. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { clinic } from "@/api/clinic";
import type { Appointment, FreeStart } from "@/api/types";
import { toWallTime } from "@/i18n/clinicTime";
import { useLanguage } from "@/i18n/language";
import { Card, Initials } from "@/ui/surface";
import { spanText } from "./dayText";
import { dayWindow, matchesQuery, practitionersQuery, windowQuery } from "./queries";
import { isLive } from "./status";
import { WaitingMatches } from "./WaitingMatches";

const DAYS_AHEAD = 14;
const MOST = 10;

/** Each stretch once, however often it was given back. */
export function freedSlots(appointments: readonly Appointment[], now: number): FreeStart[] {
  const free = appointments.filter(
    (each) =>
      each.status === "cancelled" &&
      !each.allDay &&
      Date.parse(each.startsAt) > now &&
      !appointments.some(
        (other) =>
          isLive(other) &&
          other.practitionerId === each.practitionerId &&
          Date.parse(other.startsAt) < Date.parse(each.endsAt) &&
          Date.parse(each.startsAt) < Date.parse(other.endsAt),
      ),
  );
  const slots = free.map(({ practitionerId, startsAt, endsAt }) => ({ practitionerId, startsAt, endsAt }));
  return [...new Map(slots.map((slot) => [JSON.stringify(slot), slot])).values()];
}

export function FreedSlots() {
  const { t } = useLanguage();
  const { start, end } = dayWindow(toWallTime(new Date(), clinic.timezone).date, DAYS_AHEAD);
  const appointments = useQuery({ ...windowQuery(start, end), refetchInterval: 15_000 }).data ?? [];
  const practitioners = useQuery(practitionersQuery).data ?? [];
  const slots = freedSlots(appointments, Date.now()).slice(0, MOST);
  const matches = useQueries({ queries: slots.map(matchesQuery) });
  const wanted = slots.filter((_, number) => (matches[number]?.data?.length ?? 0) > 0);
  if (wanted.length === 0) return null;
  return (
    <Card heading={t("waiting.freed.heading")} className="mb-5 border-accent-text/40">
      <ul className="grid gap-5">
        {wanted.map((slot) => {
          const whose = practitioners.find(({ id }) => id === slot.practitionerId);
          return (
            <li key={slot.practitionerId + slot.startsAt}>
              <p className="mb-1 flex items-center gap-3 first-letter:uppercase">
                {whose && <Initials text={whose.initials} colour={whose.colour} size="sm" />}
                <span>
                  {spanText(slot.startsAt, slot.endsAt)}
                  {whose && <span className="text-soft"> · {whose.name}</span>}
                </span>
              </p>
              <WaitingMatches slot={slot} />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
