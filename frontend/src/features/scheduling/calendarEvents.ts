/** Appointments, gaps and time off as the calendar draws them. */
import type { EventInput } from "@fullcalendar/react";
import { clinic } from "@/api/clinic";
import type { Appointment, Practitioner, TimeOff } from "@/api/types";
import { toWallTime } from "@/i18n/clinicTime";
import { readableOn } from "@/ui/colour";

/** What hangs on every event the calendar draws. */
export interface Drawn {
  appointment?: Appointment;
  timeOff?: TimeOff;
  practitioner: Pick<Practitioner, "name" | "initials" | "colour">;
}

const UNKNOWN = { name: "", initials: "·", colour: "#64748b" };
const { colours } = clinic.calendar;

const looksOf = ({ type, status, overbookReason }: Appointment): string =>
  [`clinic-${type}`, status !== "scheduled" && `clinic-${status}`, overbookReason && "clinic-overbooked"]
    .filter(Boolean)
    .join(" ");

export function appointmentEvents(
  appointments: readonly Appointment[],
  practitioners: readonly Practitioner[],
): EventInput[] {
  const known = new Map(practitioners.map((practitioner) => [practitioner.id, practitioner]));
  return appointments.map((appointment) => {
    const { id, title, startsAt, endsAt, allDay, type, status } = appointment;
    const isMovable = status === "scheduled" && type !== "gap";
    return {
      id,
      title,
      start: startsAt,
      end: endsAt,
      allDay,
      color: colours[type],
      contrastColor: readableOn(colours[type]),
      className: looksOf(appointment),
      startEditable: isMovable,
      durationEditable: isMovable && !allDay,
      extendedProps: {
        appointment,
        practitioner: known.get(appointment.practitionerId) ?? UNKNOWN,
      } satisfies Drawn,
    };
  });
}

/** The clinic's or a practitioner's time off: shaded behind everything, in lists a line of its own. */
export function timeOffEvents(
  timesOff: readonly TimeOff[],
  practitioners: readonly Practitioner[],
  display: "background" | "list-item",
): EventInput[] {
  return timesOff.map((timeOff) => {
    const { id, title, allDay, startsAt, endsAt, practitionerId } = timeOff;
    const day = (instant: string) => toWallTime(instant, clinic.timezone).date;
    return {
      id: `off-${id}`,
      title: title ?? "",
      start: allDay ? day(startsAt) : startsAt,
      end: allDay ? day(endsAt) : endsAt,
      allDay,
      display,
      editable: false,
      interactive: false,
      className: "clinic-time-off",
      extendedProps: {
        timeOff,
        practitioner: practitioners.find((known) => known.id === practitionerId) ?? UNKNOWN,
      } satisfies Drawn,
    };
  });
}
