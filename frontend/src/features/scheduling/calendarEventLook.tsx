/** How one appointment, gap or absence looks inside the calendar: who, when and in what state, in words and signs too. */
import type { EventDisplayInfo } from "@fullcalendar/react";
import { CalendarOff, Layers, Plus } from "lucide-react";
import { clinic } from "@/api/clinic";
import type { Appointment } from "@/api/types";
import { formatTimeRange } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { Initials } from "@/ui/surface";
import type { Drawn } from "./calendarEvents";
import { StatusBadge, StatusIcon, stateOf } from "./status";

export function renderEvent(display: EventDisplayInfo) {
  const drawn = display.event.extendedProps as Drawn;
  const isListed = display.view.type.startsWith("list");
  if (drawn.timeOff) return isListed ? <ListedTimeOff {...display} /> : <ShadedTimeOff {...display} />;
  // While a free place is being dragged over, the calendar draws an event that is no appointment yet.
  if (!drawn.appointment) return <span className="px-1 tabular-nums">{display.timeText}</span>;
  if (isListed) return <ListedEvent {...display} appointment={drawn.appointment} />;
  return <BlockEvent {...display} appointment={drawn.appointment} />;
}

type AppointmentDisplay = EventDisplayInfo & { appointment: Appointment };

function BlockEvent({ event, timeText, isShort, view, appointment }: AppointmentDisplay) {
  const { t } = useLanguage();
  const { practitioner } = event.extendedProps as Drawn;
  const isLine = isShort || view.type.startsWith("dayGrid") || appointment.allDay;
  const isGap = appointment.type === "gap";
  const state = stateOf(appointment);
  const [begins, ends] = timeText.split(/\s?–\s?/);
  return (
    <span className="@container block w-full min-w-0 ps-[5px]">
      <span className="absolute inset-y-0 start-0 w-[5px]" style={{ backgroundColor: practitioner.colour }} />
      <span
        className={classes(
          "flex min-w-0 gap-x-1.5 px-1 leading-tight",
          isLine ? "min-h-6 items-center" : "flex-col py-0.5",
        )}
      >
        <span
          className={classes(
            "flex min-w-0 items-center gap-1 text-[0.75rem] tabular-nums",
            isLine && "shrink-0",
          )}
        >
          <span className={classes("flex rounded-full ring-1 ring-surface", isLine && "@max-[4rem]:hidden")}>
            <Initials text={practitioner.initials} colour={practitioner.colour} size="xs" />
          </span>
          {!isGap && <StatusIcon {...appointment} />}
          {appointment.overbookReason && <Layers aria-hidden className="size-3.5 shrink-0" />}
          {!isShort && !appointment.allDay && (
            <span className="truncate @max-[3.5rem]:hidden">
              {begins}
              {ends && <span className="@max-[8rem]:hidden">–{ends}</span>}
            </span>
          )}
          {isGap && isLine && <Plus aria-hidden className="size-3.5 shrink-0" />}
        </span>
        <span
          className={classes(
            "text-[0.8125rem] font-medium",
            isLine ? "truncate" : "line-clamp-2 whitespace-normal",
            appointment.status === "cancelled" && "line-through",
          )}
        >
          {isGap ? t("calendar.gap") : event.title}
        </span>
        {!isLine && state !== "scheduled" && !isGap && (
          <span className="truncate text-[0.75rem] @max-[5rem]:sr-only">
            {t(`appointment.status.${state}`)}
          </span>
        )}
        <EventWords appointment={appointment} practitioner={practitioner.name} />
      </span>
    </span>
  );
}

/** What the eye reads from colours and places, for those who do not see them. */
function EventWords({ appointment, practitioner }: { appointment: Appointment; practitioner: string }) {
  const { t } = useLanguage();
  const { startsAt, endsAt, type, allDay, overbookReason } = appointment;
  const words = [
    practitioner,
    allDay ? t("appointment.allDay") : formatTimeRange(startsAt, endsAt, clinic.timezone),
    type === "other" && t("booking.type.other"),
    overbookReason && t("appointment.overbooked"),
  ];
  return <span className="sr-only">{`, ${words.filter(Boolean).join(", ")}`}</span>;
}

function ListedEvent({ event, timeText, appointment }: AppointmentDisplay) {
  const { t } = useLanguage();
  const { practitioner } = event.extendedProps as Drawn;
  const { startsAt, endsAt, allDay, type, overbookReason } = appointment;
  return (
    <span className="flex min-h-11 min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
      <span className="w-26 text-soft tabular-nums">
        {allDay ? timeText : formatTimeRange(startsAt, endsAt, clinic.timezone)}
      </span>
      <Initials text={practitioner.initials} colour={practitioner.colour} size="sm" />
      <span
        className={classes(
          "min-w-0 wrap-anywhere max-md:order-last max-md:basis-full",
          type === "gap" ? "text-soft" : "font-medium",
          appointment.status === "cancelled" && "text-soft line-through",
        )}
      >
        {type === "gap" ? t("calendar.gap") : event.title}
      </span>
      <span className="sr-only">{practitioner.name}</span>
      <span className="ms-auto flex items-center gap-2">
        {overbookReason && (
          <span className="inline-flex items-center gap-1 text-sm text-soft">
            <Layers aria-hidden className="size-3.5" />
            {t("appointment.overbooked")}
          </span>
        )}
        {type !== "gap" && <StatusBadge {...appointment} />}
      </span>
    </span>
  );
}

function ShadedTimeOff({ event, view }: EventDisplayInfo) {
  const { t } = useLanguage();
  const { practitioner } = event.extendedProps as Drawn;
  return (
    <span
      className={classes(
        "flex min-w-0 items-center gap-1 px-1.5 py-1 text-[0.75rem] leading-tight text-soft",
        // In a month it keeps clear of the day's number, in a day of the headings that stay in sight.
        view.type.startsWith("dayGrid") ? "absolute inset-x-0 bottom-0" : "sticky top-14",
      )}
    >
      <CalendarOff aria-hidden className="size-3.5 shrink-0" />
      <span className="min-w-0 truncate">
        {event.title || t("calendar.timeOff")}
        {practitioner.name && ` · ${practitioner.initials}`}
      </span>
    </span>
  );
}

function ListedTimeOff({ event, timeText }: EventDisplayInfo) {
  const { t } = useLanguage();
  const { practitioner, timeOff } = event.extendedProps as Drawn;
  return (
    <span className="flex min-h-11 min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1 text-soft">
      <span className="w-26 tabular-nums">
        {!timeOff || timeOff.allDay
          ? timeText
          : formatTimeRange(timeOff.startsAt, timeOff.endsAt, clinic.timezone)}
      </span>
      <CalendarOff aria-hidden className="mx-1 size-5" />
      <span className="min-w-0 wrap-anywhere">
        {event.title || t("calendar.timeOff")}
        {` · ${practitioner.name || t("calendar.timeOff.clinic")}`}
      </span>
    </span>
  );
}
