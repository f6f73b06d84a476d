/** Today at a glance, for the dashboard. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarDays } from "lucide-react";
import { clinic } from "@/api/clinic";
import { problemText } from "@/api/problemText";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { Card, EmptyState, Initials, Notice, Skeleton } from "@/ui/surface";
import { practitionersQuery, todayQuery } from "./queries";
import { isLive, StatusBadge } from "./status";

export function TodaysAppointments() {
  const { t } = useLanguage();
  const today = useQuery(todayQuery());
  const practitioners = useQuery(practitionersQuery);
  const appointments = (today.data ?? []).filter(isLive);
  const practitionerOf = (id: string) => practitioners.data?.find((practitioner) => practitioner.id === id);
  return (
    <Card
      heading={t("today.heading")}
      action={
        <Link to="/calendar" search={{ view: "day" }} className={buttonLook("link")}>
          {t("today.calendar")}
        </Link>
      }
    >
      {today.isPending && <Skeleton className="h-40" />}
      {today.isError && !today.data && (
        <Notice tone="danger" actions={<Button onClick={() => today.refetch()}>{t("action.retry")}</Button>}>
          {problemText(today.error)}
        </Notice>
      )}
      {today.data && appointments.length === 0 && (
        <EmptyState
          icon={<CalendarDays />}
          heading={t("today.empty")}
          action={
            <Link to="/calendar" search={{ view: "day" }} className={buttonLook()}>
              {t("today.empty.action")}
            </Link>
          }
        />
      )}
      <ul className="grid gap-1">
        {appointments
          .toSorted((one, other) => one.startsAt.localeCompare(other.startsAt))
          .map((appointment) => {
            const practitioner = practitionerOf(appointment.practitionerId);
            return (
              <li
                key={appointment.id}
                className="relative -mx-2 flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 rounded-field px-2 py-1.5 hover:bg-sunken"
              >
                <span className="w-26 shrink-0 text-soft tabular-nums">
                  {appointment.allDay
                    ? t("appointment.allDay")
                    : `${formatTime(appointment.startsAt, clinic.timezone)}–${formatTime(appointment.endsAt, clinic.timezone)}`}
                </span>
                {practitioner && (
                  <Initials text={practitioner.initials} colour={practitioner.colour} size="sm" />
                )}
                <span className="min-w-0 flex-1 font-medium wrap-anywhere max-md:order-last max-md:basis-full">
                  {appointment.patientId ? (
                    <Link
                      to="/patients/$patientId"
                      params={{ patientId: appointment.patientId }}
                      className="after:absolute after:inset-0"
                    >
                      {appointment.title}
                    </Link>
                  ) : (
                    appointment.title
                  )}
                  {practitioner && <span className="sr-only"> · {practitioner.name}</span>}
                </span>
                <span className="ms-auto">
                  <StatusBadge {...appointment} />
                </span>
              </li>
            );
          })}
      </ul>
    </Card>
  );
}
