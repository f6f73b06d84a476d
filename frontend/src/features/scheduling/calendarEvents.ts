/** Appointments as the calendar draws them. */
import type { EventInput } from "@fullcalendar/react";
import { clinic } from "@/api/clinic";
import type { Appointment, Practitioner } from "@/api/types";

const UNKNOWN = { colour: clinic.calendar.colours.other, initials: "·", name: "" };

export function calendarEvents(
  appointments: readonly Appointment[],
  practitioners: readonly Practitioner[],
  shown: readonly string[],
): EventInput[] {
  const known = new Map(practitioners.map((practitioner) => [practitioner.id, practitioner]));
  return appointments
    .filter(({ practitionerId }) => shown.length === 0 || shown.includes(practitionerId))
    .map((appointment) => {
      const { colour, initials, name } = known.get(appointment.practitionerId) ?? UNKNOWN;
      return {
        id: appointment.id,
        title: appointment.title ?? "",
        start: appointment.startsAt,
        end: appointment.endsAt,
        allDay: appointment.allDay,
        color: colour,
        className: appointment.status === "cancelled" ? "clinic-event-cancelled" : "",
        extendedProps: { appointment, initials, colour, practitioner: name },
      };
    });
}
