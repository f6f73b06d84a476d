/** The clinic's calendar: always fresh, a free place one click from a booking, everything movable by hand and by key. */
import { X } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";
import { problemText } from "@/api/problemText";
import type { Appointment, Practitioner } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { onDemand } from "@/ui/onDemand";
import type { Pick } from "@/ui/SearchPicker";
import { Notice } from "@/ui/surface";
import { useIsWide } from "@/ui/useIsWide";
import { useTitle } from "@/ui/useTitle";
import { CalendarBoard } from "./CalendarBoard";
import type { Hands } from "./CalendarPane";
import { CalendarToolbar } from "./CalendarToolbar";
import { type CalendarView, daysShown, isWithin, stepped, titleOf } from "./calendarDays";
import { movedByDays, movedBySlots, type Place, placeOf } from "./calendarMoves";
import { focusEvent } from "./eventFocus";
import { GapActions } from "./GapActions";
import { PractitionerChips } from "./PractitionerChips";
import { dayOf, morningOf, nextSlot, type Slot } from "./slots";
import { useCalendarKeys, useKeysSwitch } from "./useCalendarKeys";
import { useReschedule } from "./useReschedule";
import { useShownDiary } from "./useShownDiary";

const loadBookingDialog = async () => (await import("./BookingDialog")).BookingDialog;
const BookingDialog = onDemand(loadBookingDialog);
const AppointmentDialog = onDemand(async () => (await import("./AppointmentDialog")).AppointmentDialog);
const RefusedMoveDialog = onDemand(async () => (await import("./RefusedMoveDialog")).RefusedMoveDialog);
const FindAppointment = onDemand(async () => (await import("./FindAppointment")).FindAppointment);
const CalendarKeysDialog = onDemand(async () => (await import("./CalendarKeysDialog")).CalendarKeysDialog);
const SeriesDialog = onDemand(async () => (await import("./SeriesDialog")).SeriesDialog);

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
  patient: Pick | null;
  /** A booking to open at once, when the person came back from registering a patient. */
  opening: Opening | null;
  /** The opening was taken up and need not be remembered. */
  onOpened: () => void;
  onBookingEnd: () => void;
}

/** What lies over the calendar: one thing at a time. */
type Overlay =
  | { kind: "booking"; slot: Opening }
  | { kind: "series"; patient: Pick | null; place: Place }
  | { kind: "appointment"; id: string }
  | { kind: "search" }
  | { kind: "keys" };

export function CalendarPage(props: CalendarPageProps) {
  const { state, onChange, patient, opening, onOpened, onBookingEnd } = props;
  const { view, date } = state;
  const { locale, t } = useLanguage();
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const [isSettled, setIsSettled] = useState(false);
  const [keysOn, turnKeys] = useKeysSwitch();
  const reschedule = useReschedule();
  const diary = useShownDiary(state, reschedule.underWay);
  const { practitioners, active, shown, entries } = diary;
  const isWide = useIsWide();
  const hasColumns = isWide && shown.length > 1;
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
    setOverlay({ kind: "booking", slot: { startsAt: openAt, practitionerId: openWith } });
    takeUp.current();
  }, [openAt, openWith]);

  const open = (id: string) => {
    reschedule.forgetRefused();
    setOverlay({ kind: "appointment", id });
  };
  /** Wherever it is now, it is brought on screen, and the focus goes to it. */
  const show = ({ id, startsAt }: Appointment) => {
    const day = dayOf(startsAt);
    if (!isWithin(daysShown(view, date), day)) onChange({ date: day });
    focusEvent(id);
  };
  const close = () => {
    setOverlay(null);
    if (overlay?.kind === "appointment") setTimeout(focusEvent, 50, overlay.id);
  };
  const create = () => setOverlay({ kind: "booking", slot: { startsAt: proposedStart(state) } });
  const step = (direction: 1 | -1) => onChange({ date: stepped(view, date, direction) });
  const today = () => onChange({ date: dayOf(new Date()) });

  const moveEvent = (id: string, slots: number, across: number) => {
    const now = diary.entries.find((entry) => entry.id === id);
    const saved = diary.saved.find((entry) => entry.id === id);
    if (!now || !saved || now.status !== "scheduled" || now.type === "gap") return;
    const isAmongColumns = view === "day" && hasColumns;
    const wanted = slots
      ? movedBySlots(placeOf(now), slots)
      : isAmongColumns
        ? beside(placeOf(now), shown, across)
        : movedByDays(placeOf(now), across);
    if (!wanted) return;
    reschedule.nudge(saved, wanted);
    show({ ...now, ...wanted });
  };

  useCalendarKeys(keysOn, {
    today,
    step,
    show: (next) => onChange({ view: next }),
    create,
    search: () => setOverlay({ kind: "search" }),
    help: () => setOverlay({ kind: "keys" }),
    moveEvent,
  });

  const hands = useStable<Hands>({
    open,
    propose: (slot) => setOverlay({ kind: "booking", slot }),
    move: (appointment, wanted) => void reschedule.move(appointment, wanted),
    drag: diary.freeze,
    showDay: (day) => onChange({ view: "day", date: day }),
  });

  const opened = overlay?.kind === "appointment" && entries.find(({ id }) => id === overlay.id);
  return (
    <div className="flex h-[calc(100dvh-var(--bottom-bar))] flex-col px-3 pt-4 pb-3 md:px-6 md:pt-6">
      <CalendarToolbar
        title={titleOf(view, date, locale, !isWide)}
        view={view}
        onView={(next) => onChange({ view: next })}
        onStep={step}
        onToday={today}
        onCreate={create}
        onSearch={() => setOverlay({ kind: "search" })}
        onHelp={() => setOverlay({ kind: "keys" })}
        filter={
          practitioners.length > 1 && (
            <PractitionerChips
              practitioners={active}
              chosen={state.shown}
              onChange={(chosen) => onChange({ shown: chosen })}
            />
          )
        }
        actions={<GapActions plans={diary.gapPlans} />}
      />
      {patient && <BookingFor patient={patient} onEnd={onBookingEnd} />}
      {diary.failure && (
        <Notice tone="warn" className="mb-3">
          {problemText(diary.failure)}
        </Notice>
      )}
      <CalendarBoard
        view={view}
        date={date}
        appointments={entries}
        timesOff={diary.timesOff}
        practitioners={practitioners}
        shown={shown}
        hasColumns={hasColumns}
        hands={hands}
        onSettled={() => setIsSettled(true)}
      />
      <Suspense>
        {overlay?.kind === "booking" && active.length > 0 && (
          <BookingDialog
            slot={overlay.slot}
            practitionerId={diary.preferred(overlay.slot.practitionerId)}
            practitioners={active}
            patient={patient}
            onClose={() => setOverlay(null)}
            onBooked={(booked) => {
              setOverlay(null);
              onBookingEnd();
              show(booked);
            }}
            onOpen={open}
            onSeries={(whom, place) => setOverlay({ kind: "series", patient: whom, place })}
          />
        )}
        {overlay?.kind === "series" && (
          <SeriesDialog
            patient={overlay.patient}
            practitionerId={overlay.place.practitionerId}
            startsAt={overlay.place.startsAt}
            onClose={() => setOverlay(null)}
            onBooked={({ appointments: [first] }) => {
              setOverlay(null);
              onBookingEnd();
              if (first) show(first);
            }}
          />
        )}
        {opened && (
          <AppointmentDialog
            key={opened.id}
            appointment={opened}
            practitioners={active}
            onClose={close}
            onChanged={show}
            onOpen={open}
          />
        )}
        {reschedule.refused && (
          <RefusedMoveDialog
            refused={reschedule.refused}
            onClose={reschedule.forgetRefused}
            onOpen={open}
            onMove={(wanted, overbook) => {
              const { appointment } = reschedule.refused ?? {};
              reschedule.forgetRefused();
              if (appointment) void reschedule.move(appointment, wanted, overbook);
            }}
          />
        )}
        {overlay?.kind === "search" && (
          <FindAppointment
            onClose={() => setOverlay(null)}
            onFound={(found) => {
              setOverlay(null);
              setTimeout(show, 50, found);
            }}
          />
        )}
        {overlay?.kind === "keys" && (
          <CalendarKeysDialog isOn={keysOn} onTurn={turnKeys} onClose={() => setOverlay(null)} />
        )}
      </Suspense>
    </div>
  );
}

function BookingFor({ patient, onEnd }: { patient: Pick; onEnd: () => void }) {
  const { t } = useLanguage();
  return (
    <Notice
      tone="accent"
      className="mb-3"
      heading={t("calendar.bookingFor", { name: patient.label })}
      actions={
        <Button onClick={onEnd}>
          <X aria-hidden className="size-4" />
          {t("calendar.bookingFor.stop")}
        </Button>
      }
    >
      {t("calendar.bookingFor.text")}
    </Notice>
  );
}

/** The next free-looking moment of what is on screen: people book into the days they look at. */
function proposedStart({ view, date }: CalendarState): string {
  const next = nextSlot(new Date());
  return isWithin(daysShown(view, date), dayOf(next)) ? next : morningOf(date);
}

/** The same time in a column further on; null beyond the last. */
function beside(place: Place, shown: readonly Practitioner[], across: number): Place | null {
  const at = shown.findIndex(({ id }) => id === place.practitionerId);
  const next = shown[at + across];
  return at >= 0 && next ? { ...place, practitionerId: next.id } : null;
}

/** The same object for good, whose functions are always the newest: what is given it need not be drawn anew. */
function useStable<T extends object>(newest: T): T {
  const latest = useRef(newest);
  latest.current = newest;
  const [stable] = useState(() => new Proxy(newest, { get: (_, name) => Reflect.get(latest.current, name) }));
  return stable;
}
