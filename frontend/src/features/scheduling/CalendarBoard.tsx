/** The calendar's surface: one or several calendars side by side in one region that scrolls. */
import "@fullcalendar/react/skeleton.css";
import "@fullcalendar/react/themes/classic/theme.css";
import "./calendar.css";
import { useQueries } from "@tanstack/react-query";
import { type CSSProperties, useEffect, useMemo, useRef, useState } from "react";
import { clinic } from "@/api/clinic";
import type { Appointment, Practitioner, TimeOff, WeekGrid } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { Skeleton } from "@/ui/surface";
import { PractitionerHeading } from "./CalendarHeadings";
import { CalendarPane, type Hands } from "./CalendarPane";
import { type CalendarView, daysShown, stretchesOf } from "./calendarDays";
import { appointmentEvents, timeOffEvents } from "./calendarEvents";
import { weekGridQuery } from "./queries";
import { dayOf } from "./slots";
import { workingHours } from "./workingHours";

export interface CalendarBoardProps {
  view: CalendarView;
  /** YYYY-MM-DD in the clinic's zone */
  date: string;
  appointments: readonly Appointment[];
  timesOff: readonly TimeOff[];
  practitioners: readonly Practitioner[];
  /** Whose time is shown. */
  shown: readonly Practitioner[];
  /** A column for each of them in the day view. */
  hasColumns: boolean;
  hands: Hands;
  onSettled: () => void;
}

export function CalendarBoard(props: CalendarBoardProps) {
  const { t } = useLanguage();
  const scroller = useRef<HTMLDivElement>(null);
  const kind = props.view === "month" || props.view === "list" ? props.view : "times";
  const isSettled = useSettledAfterMount(scroller, props.view, props.onSettled);
  return (
    <div className="relative min-h-0 flex-1">
      <section
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t("calendar.heading")}
        className={classes("clinic-calendar card h-full overflow-auto", !isSettled && "opacity-0")}
      >
        {kind === "times" ? <Times key={props.view} {...props} /> : <WholePane {...props} kind={kind} />}
      </section>
      {!isSettled && <Skeleton className="absolute inset-0" />}
    </div>
  );
}

interface Column {
  key: string;
  first: string;
  count: number;
  weight: number;
  practitioner?: Practitioner;
}

function columnsOf({ view, date, shown, hasColumns }: CalendarBoardProps): Column[] {
  const days = daysShown(view, date);
  if (view === "day" && hasColumns) {
    return shown.map((practitioner) => ({ ...days, key: practitioner.id, weight: 1, practitioner }));
  }
  return stretchesOf(days).map((stretch, at) => ({ ...stretch, key: `${at}-${stretch.count}` }));
}

function Times(props: CalendarBoardProps) {
  const { appointments, view } = props;
  const columns = columnsOf(props);
  const allDayRows = Math.max(0, ...countsOfAllDay(appointments, columns));
  return (
    <div
      className={classes("clinic-columns flex", view === "week" && "min-w-[44rem]")}
      style={{ "--all-day-rows": allDayRows } as CSSProperties}
    >
      {columns.map((column, at) => (
        <fieldset
          key={column.key}
          aria-label={column.practitioner?.name}
          className={classes(at > 0 && "clinic-column-beside", column.practitioner ? "min-w-36" : "min-w-0")}
          style={{ flex: `${column.weight} 1 ${at === 0 ? "var(--axis)" : "0px"}` }}
        >
          <TimesColumn {...props} column={column} hasAllDay={allDayRows > 0} />
        </fieldset>
      ))}
    </div>
  );
}

function TimesColumn(props: CalendarBoardProps & { column: Column; hasAllDay: boolean }) {
  const { appointments, timesOff, practitioners, shown, column, hasAllDay, hands } = props;
  const { first, count, practitioner } = column;
  const grids = useWeekGrids(practitioner ? [practitioner] : shown);
  const hours = useMemo(() => workingHours(grids), [grids]);
  const events = useMemo(() => {
    const isTheirs = (thing: { practitionerId: string | null }) =>
      !practitioner || !thing.practitionerId || thing.practitionerId === practitioner.id;
    return [
      ...timeOffEvents(timesOff.filter(isTheirs), practitioner ? [] : practitioners, "background"),
      ...appointmentEvents(appointments.filter(isTheirs), practitioners),
    ];
  }, [appointments, timesOff, practitioners, practitioner]);
  return (
    <CalendarPane
      kind="times"
      first={first}
      days={count}
      hasAllDay={hasAllDay}
      events={events}
      hours={hours}
      hands={hands}
      {...(practitioner && {
        practitionerId: practitioner.id,
        heading: <PractitionerHeading practitioner={practitioner} />,
      })}
    />
  );
}

function WholePane(props: CalendarBoardProps & { kind: "month" | "list" }) {
  const { kind, date, appointments, timesOff, practitioners, hands } = props;
  const events = useMemo(
    () => [
      ...timeOffEvents(timesOff, practitioners, kind === "month" ? "background" : "list-item"),
      // A month of gaps would hide the appointments: they are counted above each day instead.
      ...appointmentEvents(
        kind === "month" ? appointments.filter(({ type }) => type !== "gap") : appointments,
        practitioners,
      ),
    ],
    [kind, appointments, timesOff, practitioners],
  );
  return (
    <CalendarPane
      key={kind}
      kind={kind}
      first={date}
      days={7}
      events={events}
      hands={hands}
      {...(kind === "month" && { gapsOn: countsOfGaps(appointments) })}
    />
  );
}

/** How many gaps each day (YYYY-MM-DD) has. */
function countsOfGaps(appointments: readonly Appointment[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { type, startsAt } of appointments) {
    if (type === "gap") counts.set(dayOf(startsAt), (counts.get(dayOf(startsAt)) ?? 0) + 1);
  }
  return counts;
}

/** How many things of a whole day lie above each calendar; all leave room for the most. */
function countsOfAllDay(appointments: readonly Appointment[], columns: readonly Column[]): number[] {
  const whole = appointments.filter(({ allDay }) => allDay);
  return columns.map(({ practitioner }) => {
    const perDay = new Map<string, number>();
    for (const { startsAt, practitionerId } of whole) {
      if (practitioner && practitionerId !== practitioner.id) continue;
      perDay.set(startsAt, (perDay.get(startsAt) ?? 0) + 1);
    }
    return Math.max(0, ...perDay.values());
  });
}

function useWeekGrids(shown: readonly Practitioner[]): WeekGrid[] {
  return useQueries({
    queries: shown.map(({ id }) => weekGridQuery(id)),
    combine: (answers) => answers.flatMap(({ data }) => data ?? []),
  });
}

/** FullCalendar measures itself and shifts during its first frames; it is shown when it has come to rest. */
function useSettledAfterMount(
  scroller: React.RefObject<HTMLElement | null>,
  view: CalendarView,
  onSettled: () => void,
): boolean {
  const [settled, setSettled] = useState<CalendarView | null>(null);
  const tell = useRef(onSettled);
  tell.current = onSettled;
  useEffect(() => {
    let frame = 0;
    let left = 3;
    const wait = () => {
      left -= 1;
      if (left > 0) {
        frame = requestAnimationFrame(wait);
        return;
      }
      scrollToTime(scroller.current, clinic.calendar.scrollTime);
      setSettled(view);
      tell.current();
    };
    frame = requestAnimationFrame(wait);
    return () => cancelAnimationFrame(frame);
  }, [scroller, view]);
  return settled === view;
}

function scrollToTime(scroller: HTMLElement | null, time: string): void {
  const slot = scroller?.querySelector(`[data-time="${time}:00"]`);
  if (!scroller || !slot) return;
  const heightOf = (selector: string) =>
    scroller.querySelector(selector)?.getBoundingClientRect().height ?? 0;
  const above = heightOf("[role=columnheader]") + heightOf(".clinic-all-day");
  scroller.scrollTop += slot.getBoundingClientRect().top - scroller.getBoundingClientRect().top - above;
}
