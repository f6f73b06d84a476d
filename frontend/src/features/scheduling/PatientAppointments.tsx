/** A patient's appointments: what is next, and what was, for the patient's page. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarPlus } from "lucide-react";
import { clinic } from "@/api/clinic";
import { failureOf } from "@/api/problemText";
import type { Appointment } from "@/api/types";
import { toWallTime } from "@/i18n/clinicTime";
import { formatDay, formatTimeRange } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { FailureNotice } from "@/ui/FailureNotice";
import { Card, EmptyState, Initials, Skeleton } from "@/ui/surface";
import { patientAppointmentsQuery, practitionersQuery } from "./queries";
import { StatusBadge } from "./status";

const PAST_SHOWN = 3;

export function PatientAppointments({ patientId }: { patientId: string }) {
  const { t } = useLanguage();
  const found = useQuery(patientAppointmentsQuery(patientId));
  const now = Date.now();
  const isNext = ({ endsAt }: Appointment) => Date.parse(endsAt) >= now;
  const next = (found.data ?? []).filter(isNext).toReversed();
  const past = (found.data ?? []).filter((appointment) => !isNext(appointment)).slice(0, PAST_SHOWN);
  return (
    <Card heading={t("patient.appointments")}>
      {found.isPending && <Skeleton className="h-24" />}
      {found.isError && <FailureNotice failure={failureOf(found.error)} onRetry={found.refetch} />}
      {found.data?.length === 0 && (
        <EmptyState icon={<CalendarPlus />} heading={t("patient.appointments.empty")} />
      )}
      {next.length > 0 && <Appointments heading={t("patient.appointments.next")} appointments={next} />}
      {past.length > 0 && <Appointments heading={t("patient.appointments.past")} appointments={past} />}
    </Card>
  );
}

function Appointments({ heading, appointments }: { heading: string; appointments: Appointment[] }) {
  const practitioners = useQuery(practitionersQuery).data ?? [];
  return (
    <section className="mt-3 first-of-type:mt-0">
      <h3 className="mb-1 text-sm text-soft">{heading}</h3>
      <ul>
        {appointments.map((appointment) => {
          const practitioner = practitioners.find(({ id }) => id === appointment.practitionerId);
          return (
            <li
              key={appointment.id}
              className="relative -mx-2 flex min-h-12 flex-wrap items-center gap-x-3 rounded-field px-2 py-1.5 hover:bg-sunken"
            >
              {practitioner && (
                <Initials text={practitioner.initials} colour={practitioner.colour} size="sm" />
              )}
              <Link
                to="/calendar"
                search={{ date: toWallTime(appointment.startsAt, clinic.timezone).date, view: "day" }}
                className={classes(
                  "min-w-0 flex-1 after:absolute after:inset-0",
                  appointment.status === "cancelled" && "line-through decoration-soft",
                )}
              >
                <span className="font-medium whitespace-nowrap">
                  {formatDay(appointment.startsAt, clinic.timezone)}
                </span>{" "}
                <span className="whitespace-nowrap text-soft tabular-nums">
                  {formatTimeRange(appointment.startsAt, appointment.endsAt, clinic.timezone)}
                </span>
              </Link>
              <StatusBadge status={appointment.status} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
