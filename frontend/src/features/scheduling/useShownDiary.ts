/** What the calendar shows: the appointments of the days on screen as they are and as they are being moved, and whose. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useMe } from "@/api/me";
import type { Appointment, Practitioner, TimeOff } from "@/api/types";
import type { CalendarState } from "./CalendarPage";
import { daysMeant, daysShown } from "./calendarDays";
import type { Place } from "./calendarMoves";
import { type GapPlan, gapPlans } from "./gapPlans";
import { dayWindow, practitionersQuery, timeOffQuery, windowQuery } from "./queries";

interface ShownDiary {
  practitioners: readonly Practitioner[];
  /** Who can be booked. */
  active: readonly Practitioner[];
  /** Whose time is on screen. */
  shown: readonly Practitioner[];
  /** As drawn: with what is being moved where it was put. */
  entries: readonly Appointment[];
  /** As the server has them. */
  saved: readonly Appointment[];
  timesOff: readonly TimeOff[];
  gapPlans: readonly GapPlan[];
  failure: Error | null;
  /** While something is dragged, nothing under it changes. */
  freeze: (isFrozen: boolean) => void;
  /** With whom a booking is, unless somebody is wanted. */
  preferred: (wanted: string | undefined) => string;
}

const NONE: never[] = [];

export function useShownDiary(
  { view, date, shown: chosen }: CalendarState,
  underWay: ReadonlyMap<string, Place>,
): ShownDiary {
  const me = useMe();
  const days = daysShown(view, date);
  const window = dayWindow(days.first, days.count);
  const meant = daysMeant(view, date);
  const found = useQuery(windowQuery(window.start, window.end));
  const timesOff = useQuery(timeOffQuery(window.start, window.end)).data ?? NONE;
  const practitioners = useQuery(practitionersQuery).data ?? NONE;
  const saved = found.data ?? NONE;
  const [frozen, setFrozen] = useState<readonly Appointment[] | null>(null);

  const active = useMemo(() => practitioners.filter((known) => known.active), [practitioners]);
  const wanted = chosen.join();
  const shown = useMemo(
    () => (wanted ? practitioners.filter(({ id }) => wanted.split(",").includes(id)) : active),
    [practitioners, active, wanted],
  );
  const drawn = frozen ?? saved;
  const entries = useMemo(() => {
    const isShown = ({ practitionerId }: Appointment) =>
      wanted === "" || shown.some(({ id }) => id === practitionerId);
    return drawn.map((entry) => ({ ...entry, ...underWay.get(entry.id) })).filter(isShown);
  }, [drawn, underWay, shown, wanted]);
  const theirTimesOff = useMemo(
    () =>
      timesOff.filter(
        ({ practitionerId }) => !practitionerId || shown.some(({ id }) => id === practitionerId),
      ),
    [timesOff, shown],
  );

  return {
    practitioners,
    active,
    shown,
    entries,
    saved,
    timesOff: theirTimesOff,
    gapPlans: gapPlans(
      dayWindow(meant.first, meant.count),
      shown.filter((known) => known.active),
      saved,
    ),
    failure: found.error,
    freeze: (isFrozen) => setFrozen(isFrozen ? saved : null),
    preferred: (asked) => {
      const candidates = [asked, shown.length === 1 ? shown[0]?.id : undefined, me.id, shown[0]?.id];
      return candidates.find((id) => active.some((known) => known.id === id)) ?? active[0]?.id ?? "";
    },
  };
}
