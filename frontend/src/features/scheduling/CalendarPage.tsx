/** The clinic's calendar: own controls around FullCalendar, always fresh, a free place one click from a booking. */
import "@fullcalendar/react/skeleton.css";
import "@fullcalendar/react/themes/classic/theme.css";
import "./calendar.css";
import FullCalendar, { type EventDisplayInfo, useCalendarController } from "@fullcalendar/react";
import dayGridPlugin from "@fullcalendar/react/daygrid";
import interactionPlugin from "@fullcalendar/react/interaction";
import listPlugin from "@fullcalendar/react/list";
import enLocale from "@fullcalendar/react/locales/en-gb";
import esLocale from "@fullcalendar/react/locales/es";
import classicTheme from "@fullcalendar/react/themes/classic";
import timeGridPlugin from "@fullcalendar/react/timegrid";
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, Plus, X } from "lucide-react";
import { Suspense, useEffect, useMemo, useRef, useState } from "react";
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import { problemText } from "@/api/problemText";
import type { Appointment } from "@/api/types";
import { toInstant, toWallTime } from "@/i18n/clinicTime";
import { formatTimeRange } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Choice } from "@/ui/ListControls";
import { onDemand } from "@/ui/onDemand";
import { Initials, Notice, Skeleton } from "@/ui/surface";
import { useTitle } from "@/ui/useTitle";
import { calendarEvents } from "./calendarEvents";
import { practitionersQuery, windowQuery } from "./queries";
import { nextSlot, type Slot } from "./slots";
import { StatusBadge, StatusIcon } from "./status";

const loadBookingDialog = async () => (await import("./BookingDialog")).BookingDialog;
const BookingDialog = onDemand(loadBookingDialog);
const AppointmentDialog = onDemand(async () => (await import("./AppointmentDialog")).AppointmentDialog);

export type CalendarView = "day" | "week" | "month" | "list";

export interface CalendarState {
  view: CalendarView;
  /** YYYY-MM-DD in the clinic's zone */
  date: string;
  /** Practitioners shown; none chosen shows all. */
  shown: readonly string[];
}

/** Where a booking begins, and with whom when that is known already. */
interface Opening extends Slot {
  practitionerId?: string | undefined;
}

interface CalendarPageProps {
  state: CalendarState;
  onChange: (change: Partial<CalendarState>) => void;
  /** Who is being booked, when the person came from a patient. */
  patient: { id: string; label: string } | null;
  /** A booking to open at once, when the person came back from registering a patient. */
  opening: Opening | null;
  /** The opening was taken up and need not be remembered. */
  onOpened: () => void;
  onBookingEnd: () => void;
}

const VIEWS: Record<CalendarView, string> = {
  day: "timeGridDay",
  week: "timeGridWeek",
  month: "dayGridMonth",
  list: "listWeek",
};
const PLUGINS = [dayGridPlugin, timeGridPlugin, listPlugin, interactionPlugin, classicTheme];
const FC_LOCALES = [enLocale, esLocale];
const minutes = (count: number) => ({ minutes: count });

export function CalendarPage({
  state,
  onChange,
  patient,
  opening,
  onOpened,
  onBookingEnd,
}: CalendarPageProps) {
  const { locale, t } = useLanguage();
  const me = useMe();
  const controller = useCalendarController();
  const practitioners = useQuery(practitionersQuery).data ?? NONE;
  const [range, setRange] = useState({ start: "", end: "" });
  const appointments = useQuery(windowQuery(range.start, range.end));
  const [openedId, setOpenedId] = useState<string | null>(null);
  const [slot, setSlot] = useState<Opening | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const isSettled = useSettledAfterMount(scroller);

  useTitle(t("calendar.heading"));

  // Once the calendar is at rest there is time to fetch what the first click will need.
  useEffect(() => {
    if (isSettled) void loadBookingDialog();
  }, [isSettled]);

  const takeUp = useRef(onOpened);
  takeUp.current = onOpened;
  const { startsAt: openAt, practitionerId: openWith } = opening ?? {};
  useEffect(() => {
    if (!openAt) return;
    setSlot({ startsAt: openAt, practitionerId: openWith });
    takeUp.current();
  }, [openAt, openWith]);

  const { view, shown } = state;
  useEffect(() => controller.changeView(VIEWS[view]), [controller, view]);
  useEffect(() => controller.gotoDate(state.date), [controller, state.date]);

  const events = useMemo(
    () => calendarEvents(appointments.data ?? [], practitioners, shown),
    [appointments.data, practitioners, shown],
  );
  const opened = appointments.data?.find(({ id }) => id === openedId);

  const preferred = () => {
    const wanted = [slot?.practitionerId, shown[0], me.id];
    return wanted.find((id) => practitioners.some((known) => known.id === id)) ?? practitioners[0]?.id ?? "";
  };

  const isShown = (instant: string) =>
    Date.parse(instant) >= Date.parse(range.start) && Date.parse(instant) < Date.parse(range.end);

  /** The next free-looking moment of what is on screen: people book into the week they look at. */
  const proposed = () => {
    const next = nextSlot(new Date());
    return isShown(next) ? next : morningOf(state.date);
  };

  const showBooked = ({ startsAt }: Appointment) => {
    setSlot(null);
    onBookingEnd();
    if (!isShown(startsAt)) controller.gotoDate(toWallTime(startsAt, clinic.timezone).date);
  };

  const toggle = (id: string) =>
    onChange({ shown: shown.includes(id) ? shown.filter((other) => other !== id) : [...shown, id] });

  return (
    <div className="flex h-[calc(100dvh-var(--bottom-bar))] flex-col px-3 pt-4 md:px-6 md:pt-6">
      <header className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1
          tabIndex={-1}
          className="min-w-0 flex-1 text-xl font-semibold tracking-tight md:flex-none md:text-2xl"
        >
          {t("calendar.heading")}
        </h1>
        <Button
          look="primary"
          className="ms-auto md:order-last md:ms-0"
          onClick={() => setSlot({ startsAt: proposed() })}
        >
          <Plus aria-hidden className="size-5" />
          <span className="max-md:sr-only">{t("booking.heading")}</span>
        </Button>
        <div className="flex items-center md:ms-auto">
          <IconButton label={t("calendar.previous")} onClick={() => controller.prev()}>
            <ChevronLeft aria-hidden className="size-5" />
          </IconButton>
          <Button className="min-h-11" onClick={() => controller.today()}>
            {t("calendar.today")}
          </Button>
          <IconButton label={t("calendar.next")} onClick={() => controller.next()}>
            <ChevronRight aria-hidden className="size-5" />
          </IconButton>
          <p aria-live="polite" className="ms-1 font-medium first-letter:uppercase">
            {controller.view?.title}
          </p>
        </div>
        <div className="max-md:w-full">
          <Choice
            label={t("calendar.view")}
            value={view}
            onChange={(next) => onChange({ view: next })}
            options={(["day", "week", "month", "list"] as const).map((value) => ({
              value,
              label: t(`calendar.view.${value}`),
            }))}
          />
        </div>
      </header>
      {practitioners.length > 1 && (
        <fieldset aria-label={t("calendar.practitioners")} className="mb-3 flex flex-wrap gap-2">
          {practitioners.map(({ id, name, colour, initials }) => (
            <button
              key={id}
              type="button"
              aria-label={name}
              aria-pressed={shown.includes(id)}
              onClick={() => toggle(id)}
              className={classes(
                "flex min-h-11 items-center gap-2 rounded-full border py-1 pr-4 pl-1.5 transition",
                shown.includes(id)
                  ? "border-accent-text bg-accent-soft font-medium"
                  : "border-line bg-surface hover:bg-sunken",
              )}
            >
              <Initials text={initials} colour={colour} size="sm" />
              <span className="max-md:hidden">{name}</span>
              <span className="md:hidden" aria-hidden>
                {name.split(" ")[0]}
              </span>
            </button>
          ))}
        </fieldset>
      )}
      {patient && (
        <Notice
          tone="accent"
          className="mb-3"
          heading={t("calendar.bookingFor", { name: patient.label })}
          actions={
            <Button onClick={onBookingEnd}>
              <X aria-hidden className="size-4" />
              {t("calendar.bookingFor.stop")}
            </Button>
          }
        >
          {t("calendar.bookingFor.text")}
        </Notice>
      )}
      {appointments.isError && (
        <Notice tone="warn" className="mb-3">
          {problemText(appointments.error)}
        </Notice>
      )}
      <div className="relative min-h-0 flex-1">
        <section
          ref={scroller}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label={t("calendar.heading")}
          className={classes("clinic-calendar card h-full overflow-auto", !isSettled && "opacity-0")}
        >
          <div className={WIDTHS[view]}>
            <FullCalendar
              controller={controller}
              plugins={PLUGINS}
              locales={FC_LOCALES}
              locale={locale === "en" ? "en-gb" : locale}
              timeZone={clinic.timezone}
              firstDay={clinic.calendar.firstDay}
              initialView={VIEWS[view]}
              initialDate={state.date}
              headerToolbar={false}
              height="auto"
              borderless
              nowIndicator
              allDaySlot={events.some(({ allDay }) => allDay)}
              slotDuration={minutes(clinic.calendar.slotMinutes)}
              slotMinHeight={30}
              slotHeaderFormat={{ hour: "2-digit", minute: "2-digit" }}
              eventTimeFormat={{ hour: "2-digit", minute: "2-digit" }}
              slotEventOverlap={false}
              eventClass={({ view: { type } }) =>
                type.startsWith("list") ? "clinic-listed" : "clinic-event"
              }
              eventDisplay="block"
              dayMaxEvents={4}
              moreLinkClass="inline-flex min-h-6 items-center"
              tableHeaderSticky
              selectable
              selectMirror
              selectMinDistance={6}
              eventInteractive
              events={events}
              eventContent={renderEvent}
              eventClick={({ event }) => setOpenedId(event.id)}
              dateClick={({ dateStr, allDay }) =>
                setSlot({ startsAt: allDay ? morningOf(dateStr) : dateStr })
              }
              select={({ startStr, endStr, allDay }) =>
                setSlot(allDay ? { startsAt: morningOf(startStr) } : { startsAt: startStr, endsAt: endStr })
              }
              datesSet={({ startStr, endStr, view: shownView }) => {
                setRange({ start: startStr, end: endStr });
                const first = dayOf(shownView.currentStart);
                const isInView = state.date >= first && state.date < dayOf(shownView.currentEnd);
                if (!isInView) onChange({ date: first });
              }}
            />
          </div>
        </section>
        {!isSettled && <Skeleton className="absolute inset-0" />}
      </div>
      <Suspense>
        {slot && practitioners.length > 0 && (
          <BookingDialog
            slot={slot}
            practitionerId={preferred()}
            practitioners={practitioners}
            patient={patient}
            onClose={() => setSlot(null)}
            onBooked={showBooked}
          />
        )}
        {opened && (
          <AppointmentDialog
            appointment={opened}
            practitioner={practitioners.find(({ id }) => id === opened.practitionerId)}
            onClose={() => setOpenedId(null)}
          />
        )}
      </Suspense>
    </div>
  );
}

const NONE: never[] = [];
const dayOf = (instant: Date) => toWallTime(instant, clinic.timezone).date;
/** On a phone seven days need more than its width; they scroll inside their own region, the page does not. */
const WIDTHS: Record<CalendarView, string> = {
  day: "",
  list: "",
  week: "min-w-[44rem]",
  month: "min-w-[44rem]",
};

/** A whole day was clicked: the booking begins when the calendar's day does. */
const morningOf = (date: string) =>
  toInstant({ date, time: clinic.calendar.scrollTime }, clinic.timezone) ?? date;

interface Drawn {
  appointment: Appointment;
  initials: string;
  colour: string;
  practitioner: string;
}

function renderEvent(display: EventDisplayInfo) {
  // While a free place is being dragged over, the calendar draws an event that is no appointment yet.
  if (!display.event.extendedProps.appointment)
    return <span className="px-1 tabular-nums">{display.timeText}</span>;
  if (display.view.type.startsWith("list")) return <ListedEvent {...display} />;
  return <BlockEvent {...display} />;
}

function BlockEvent({ event, timeText, isShort, view }: EventDisplayInfo) {
  const { appointment, initials, colour, practitioner } = event.extendedProps as Drawn;
  const isLine = isShort || view.type.startsWith("dayGrid");
  return (
    <span className="@container block w-full min-w-0">
      <span
        className={classes(
          "flex min-w-0 gap-x-1.5 px-1 leading-tight",
          isLine ? "min-h-6 items-center" : "flex-col py-0.5",
        )}
      >
        <span
          className={classes(
            "flex min-w-0 items-center gap-1 text-[0.75rem] tabular-nums",
            isLine && "shrink-0 @max-[5rem]:hidden",
          )}
        >
          <Initials text={initials} colour={colour} size="xs" />
          <StatusIcon status={appointment.status} />
          {!isShort && <span className="truncate">{timeText}</span>}
        </span>
        <span
          className={classes(
            "text-[0.8125rem] font-medium",
            isLine ? "truncate" : "line-clamp-2 whitespace-normal",
          )}
        >
          {event.title}
        </span>
        <span className="sr-only">{practitioner}</span>
      </span>
    </span>
  );
}

function ListedEvent({ event, timeText }: EventDisplayInfo) {
  const { appointment, initials, colour, practitioner } = event.extendedProps as Drawn;
  const { startsAt, endsAt, allDay } = appointment;
  return (
    <span className="flex min-h-9 min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
      <span className="w-26 text-soft tabular-nums">
        {allDay ? timeText : formatTimeRange(startsAt, endsAt, clinic.timezone)}
      </span>
      <Initials text={initials} colour={colour} size="sm" />
      <span className="min-w-0 font-medium wrap-anywhere max-md:order-last max-md:basis-full">
        {event.title}
      </span>
      <span className="sr-only">{practitioner}</span>
      <span className="ms-auto">
        <StatusBadge status={appointment.status} />
      </span>
    </span>
  );
}

/** FullCalendar measures itself and shifts during its first frames; it is shown when it has come to rest. */
function useSettledAfterMount(scroller: React.RefObject<HTMLElement | null>): boolean {
  const [isSettled, setIsSettled] = useState(false);
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
      setIsSettled(true);
    };
    frame = requestAnimationFrame(wait);
    return () => cancelAnimationFrame(frame);
  }, [scroller]);
  return isSettled;
}

function scrollToTime(scroller: HTMLElement | null, time: string): void {
  const slot = scroller?.querySelector(`[data-time="${time}:00"]`);
  if (!scroller || !slot) return;
  const headerHeight = scroller.querySelector("[role=columnheader]")?.getBoundingClientRect().height ?? 0;
  scroller.scrollTop = slot.getBoundingClientRect().top - scroller.getBoundingClientRect().top - headerHeight;
}
