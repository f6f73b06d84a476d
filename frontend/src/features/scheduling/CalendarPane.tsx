/** One FullCalendar: some days of some people. Several of them side by side make a week or a day of everybody. */
import FullCalendar, {
  type CalendarOptions,
  type DayCellInfo,
  type DayHeaderInfo,
  type EventApi,
  type EventInput,
  useCalendarController,
} from "@fullcalendar/react";
import dayGridPlugin from "@fullcalendar/react/daygrid";

import listPlugin from "@fullcalendar/react/list";
import enLocale from "@fullcalendar/react/locales/en-gb";
import esLocale from "@fullcalendar/react/locales/es";
import classicTheme from "@fullcalendar/react/themes/classic";
import timeGridPlugin from "@fullcalendar/react/timegrid";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { clinic } from "@/api/clinic";
import type { Appointment } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { DayHeading, MonthDay } from "./CalendarHeadings";
import { renderEvent } from "./calendarEventLook";
import type { Drawn } from "./calendarEvents";
import type { Place } from "./calendarMoves";
import { columnDragging } from "./columnDragging";
import { keepFocusOn, letGoOf } from "./eventFocus";
import { dayWindow } from "./queries";
import { dayOf, morningOf, type Slot } from "./slots";
import type { WorkingHours } from "./workingHours";

const PLUGINS = [dayGridPlugin, timeGridPlugin, listPlugin, columnDragging, classicTheme];
const LOCALES = [enLocale, esLocale];
const LONG_PRESS_MS = 400;
const minutes = (count: number) => ({ minutes: count });

/** What a person does on the calendar. */
export interface Hands {
  open: (appointmentId: string) => void;
  propose: (slot: Slot & { practitionerId?: string | undefined }) => void;
  move: (appointment: Appointment, wanted: Place) => void;
  /** While something is dragged, nothing under it may change. */
  drag: (isDragging: boolean) => void;
  showDay: (date: string) => void;
}

export interface CalendarPaneProps {
  kind: "times" | "month" | "list";
  /** YYYY-MM-DD; for a month and a list, a day in it. */
  first: string;
  days: number;
  events: EventInput[];
  hours?: WorkingHours[];
  /** Whose the calendar is, when it is one person's. */
  practitionerId?: string;
  /** In place of the date above the column. */
  heading?: ReactNode;
  hasAllDay?: boolean;
  /** How many gaps a day of a month has. */
  gapsOn?: ReadonlyMap<string, number>;
  hands: Hands;
}

const VIEW_TYPES = { times: "days", month: "dayGridMonth", list: "listWeek" } as const;

export function CalendarPane(props: CalendarPaneProps) {
  const { kind, first, days, events, hours, practitionerId, gapsOn, hasAllDay = false } = props;
  const { locale, t } = useLanguage();
  const controller = useCalendarController();
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => controller.gotoDate(first), [controller, first]);

  const views = useMemo(() => ({ days: { type: "timeGrid", duration: { days } } }), [days]);
  const answers = useMemo(() => answersOf(() => latest.current), []);

  return (
    <FullCalendar
      controller={controller}
      plugins={PLUGINS}
      locales={LOCALES}
      locale={locale === "en" ? "en-gb" : locale}
      timeZone={clinic.timezone}
      firstDay={clinic.calendar.firstDay}
      views={views}
      initialView={VIEW_TYPES[kind]}
      initialDate={first}
      headerToolbar={false}
      height="auto"
      borderless
      nowIndicator
      fixedWeekCount={false}
      allDaySlot={hasAllDay}
      allDayText={t("appointment.allDay")}
      slotDuration={minutes(clinic.calendar.slotMinutes)}
      slotMinHeight={30}
      slotHeaderFormat={TIME}
      slotHeaderInnerClass="clinic-axis"
      allDayHeaderInnerClass="clinic-axis"
      dayRowClass={kind === "times" ? "clinic-all-day" : ""}
      eventTimeFormat={TIME}
      slotEventOverlap={false}
      eventMinHeight={22}
      eventOrder="start,-duration,title"
      eventDisplay="block"
      dayMaxEvents={kind === "month" ? 4 : false}
      moreLinkClass="inline-flex min-h-6 items-center"
      tableHeaderSticky
      noEventsText={t("calendar.nothing")}
      businessHours={hours ?? false}
      nonBusinessHoursClass="clinic-closed"
      editable={kind !== "list"}
      droppable={kind !== "list"}
      eventResizableFromStart
      selectable
      selectMirror
      selectMinDistance={6}
      longPressDelay={LONG_PRESS_MS}
      dragRevertDuration={150}
      eventInteractive
      navLinks={kind !== "times" || days > 1}
      events={events}
      eventContent={renderEvent}
      backgroundEventContent={renderEvent}
      dayHeaderContent={practitionerId || kind === "times" ? answers.heading : undefined}
      {...(gapsOn && {
        dayCellTopContent: ({ date, dayNumberText }: DayCellInfo) => (
          <MonthDay text={dayNumberText} gaps={gapsOn.get(dayOf(date)) ?? 0} />
        ),
      })}
      {...answers.options}
    />
  );
}

const TIME = { hour: "2-digit", minute: "2-digit" } as const;

/** The handlers, made once: they read the newest properties, so that FullCalendar is not told of new ones all the time. */
function answersOf(props: () => CalendarPaneProps) {
  const placed = ({ startStr, endStr, extendedProps }: EventApi): [Appointment, Place] | null => {
    const { appointment } = extendedProps as Drawn;
    const practitionerId = props().practitionerId ?? appointment?.practitionerId;
    if (!appointment || !practitionerId) return null;
    if (!appointment.allDay) return [appointment, { practitionerId, startsAt: startStr, endsAt: endStr }];
    const { start: startsAt, end: endsAt } = dayWindow(startStr);
    return [appointment, { practitionerId, startsAt, endsAt }];
  };
  const move = (event: EventApi) => {
    const moved = placed(event);
    if (moved) props().hands.move(...moved);
  };
  const options: CalendarOptions = {
    eventClass: ({ view, isSelected, isMirror }) =>
      classes(
        view.type.startsWith("list") ? "clinic-listed" : "clinic-event",
        isSelected && "clinic-held",
        isMirror && "clinic-lifted",
      ),
    eventDidMount: ({ el, event, isMirror }) => isMirror || keepFocusOn(el, event.id),
    eventWillUnmount: ({ el, event, isMirror }) => isMirror || letGoOf(el, event.id),
    eventAllow: (span, event) => span.allDay === event?.allDay,
    eventClick: ({ event }) => {
      const { appointment } = event.extendedProps as Drawn;
      if (appointment?.type === "gap") props().hands.propose(appointment);
      else if (appointment) props().hands.open(appointment.id);
    },
    dateClick: ({ dateStr, allDay }) => {
      const startsAt = allDay ? morningOf(dateStr) : dateStr;
      props().hands.propose({ startsAt, practitionerId: props().practitionerId });
    },
    select: ({ startStr, endStr, allDay, view }) => {
      const slot = allDay ? { startsAt: morningOf(startStr) } : { startsAt: startStr, endsAt: endStr };
      view.calendar.unselect();
      props().hands.propose({ ...slot, practitionerId: props().practitionerId });
    },
    navLinkDayClick: (date) => props().hands.showDay(dayOf(date)),
    eventDragStart: () => props().hands.drag(true),
    eventDragStop: () => props().hands.drag(false),
    eventResizeStart: () => props().hands.drag(true),
    eventResizeStop: () => props().hands.drag(false),
    eventDrop: ({ event }) => move(event),
    eventResize: ({ event }) => move(event),
    // Dropped from the calendar beside: it is drawn again from what is known, not from what was dragged.
    eventReceive: ({ event, revert }) => {
      move(event);
      revert();
    },
  };
  const heading = ({ date, isToday }: DayHeaderInfo) =>
    props().heading ?? <DayHeading date={dayOf(date)} isToday={isToday} />;
  return { options, heading };
}
