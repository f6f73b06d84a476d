/** A patient's appointments for the patient's page: what is next and what was, and the ways to book more. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarPlus, ChevronDown, Hourglass, Repeat } from "lucide-react";
import { Suspense, useState } from "react";
import { clinic } from "@/api/clinic";
import { failureOf } from "@/api/problemText";
import type { Appointment } from "@/api/types";
import { toWallTime } from "@/i18n/clinicTime";
import { formatTimeRange } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { FailureNotice } from "@/ui/FailureNotice";
import { onDemand } from "@/ui/onDemand";
import type { Pick } from "@/ui/SearchPicker";
import { Card, EmptyState, Initials, Skeleton } from "@/ui/surface";
import { dayText } from "./dayText";
import { PatientWaiting } from "./PatientWaiting";
import { patientAppointmentsQuery, practitionersQuery } from "./queries";
import { StatusBadge } from "./status";

const SeriesDialog = onDemand(async () => (await import("./SeriesDialog")).SeriesDialog);

const WaitingDialog = onDemand(async () => (await import("./WaitingDialog")).WaitingDialog);

const PAST_SHOWN = 3;

interface PatientAppointmentsProps {
  patient: Pick;
  /** Nobody inactive or erased is booked. */
  mayBook: boolean;
}

export function PatientAppointments({ patient, mayBook }: PatientAppointmentsProps) {
  const { t } = useLanguage();
  const found = useQuery(patientAppointmentsQuery(patient.id));
  const [isPlanning, setIsPlanning] = useState(false);
  const [isWaiting, setIsWaiting] = useState(false);
  const [isWhole, setIsWhole] = useState(false);
  const now = Date.now();
  const isNext = ({ endsAt }: Appointment) => Date.parse(endsAt) >= now;
  const next = (found.data ?? []).filter(isNext).toReversed();
  const past = (found.data ?? []).filter((appointment) => !isNext(appointment));
  return (
    <Card
      heading={t("patient.appointments")}
      action={
        mayBook && (
          <span className="flex flex-wrap gap-x-6 px-4 max-md:-mx-4 max-md:w-full">
            <Button look="link" onClick={() => setIsWaiting(true)}>
              <Hourglass aria-hidden className="size-4" />
              {t("waiting.put")}
            </Button>
            <Button look="link" onClick={() => setIsPlanning(true)}>
              <Repeat aria-hidden className="size-4" />
              {t("series.heading")}
            </Button>
          </span>
        )
      }
    >
      {found.isPending && <Skeleton className="h-24" />}
      {found.isError && <FailureNotice failure={failureOf(found.error)} onRetry={found.refetch} />}
      {found.data?.length === 0 && (
        <EmptyState icon={<CalendarPlus />} heading={t("patient.appointments.empty")} />
      )}
      {next.length > 0 && <Appointments heading={t("patient.appointments.next")} appointments={next} />}
      {mayBook && <PatientWaiting patientId={patient.id} />}
      {past.length > 0 && (
        <Appointments
          heading={t("patient.appointments.past")}
          appointments={isWhole ? past : past.slice(0, PAST_SHOWN)}
        />
      )}
      {!isWhole && past.length > PAST_SHOWN && (
        <Button look="plain" onClick={() => setIsWhole(true)}>
          <ChevronDown aria-hidden className="size-4" />
          {t("patient.appointments.all", { count: past.length })}
        </Button>
      )}
      <Suspense>
        {isPlanning && <SeriesDialog patient={patient} onClose={() => setIsPlanning(false)} />}
        {isWaiting && <WaitingDialog entry={null} patient={patient} onClose={() => setIsWaiting(false)} />}
      </Suspense>
    </Card>
  );
}

function Appointments({ heading, appointments }: { heading: string; appointments: Appointment[] }) {
  return (
    <section className="mt-3 first-of-type:mt-0">
      <h3 className="mb-1 text-sm text-soft">{heading}</h3>
      <ul>
        {appointments.map((appointment) => (
          <AppointmentRow key={appointment.id} appointment={appointment} />
        ))}
      </ul>
    </section>
  );
}

function AppointmentRow({ appointment }: { appointment: Appointment }) {
  const { t } = useLanguage();
  const practitioners = useQuery(practitionersQuery).data ?? [];
  const { startsAt, endsAt, status, statusReason, allDay, seriesId } = appointment;
  const practitioner = practitioners.find(({ id }) => id === appointment.practitionerId);
  const { date } = toWallTime(startsAt, clinic.timezone);
  return (
    <li className="relative -mx-2 flex min-h-12 items-center gap-x-3 rounded-field px-2 py-1.5 hover:bg-sunken">
      {practitioner && <Initials text={practitioner.initials} colour={practitioner.colour} size="sm" />}
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3">
        <span className="min-w-0 flex-1 basis-56">
          <Link
            to="/calendar"
            search={{ date, view: "day" }}
            className={classes(
              "after:absolute after:inset-0",
              status === "cancelled" && "line-through decoration-soft",
            )}
          >
            <span className="font-medium whitespace-nowrap">{dayText(startsAt)}</span>{" "}
            <span className="whitespace-nowrap text-soft tabular-nums">
              {allDay ? t("appointment.allDay") : formatTimeRange(startsAt, endsAt, clinic.timezone)}
            </span>
          </Link>
          <span className="block text-sm text-soft wrap-anywhere">
            {[practitioner?.name, statusReason].filter(Boolean).join(" · ")}
            {seriesId && (
              <Repeat role="img" aria-label={t("appointment.ofSeries")} className="ms-1.5 inline size-3.5" />
            )}
          </span>
        </span>
        <StatusBadge {...appointment} />
      </span>
    </li>
  );
}
