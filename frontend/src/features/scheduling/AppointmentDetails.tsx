/** What an appointment is and what became of it, with the ways on from there. */
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  Ban,
  CalendarClock,
  Check,
  FileText,
  Layers,
  Pencil,
  Repeat,
  Trash2,
  Undo2,
  User,
  UserX,
} from "lucide-react";
import type { ReactNode } from "react";
import { clinic } from "@/api/clinic";
import { mayBill, useMe } from "@/api/me";
import { problemText } from "@/api/problemText";
import { changeAppointment } from "@/api/scheduling";
import type { Appointment, Practitioner } from "@/api/types";
import { toWallTime } from "@/i18n/clinicTime";
import { formatLongDate, formatTimeRange } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { Initials, Notice } from "@/ui/surface";
import type { AppointmentTask } from "./AppointmentDialog";
import { asItWas } from "./calendarMoves";
import { StatusBadge } from "./status";
import { useDiaryRefresh, useShowAnswer, useToldWithUndo } from "./useUndo";

interface AppointmentDetailsProps {
  appointment: Appointment;
  practitioner: Practitioner | undefined;
  /** Null while one of the tasks is under way. */
  onTask: ((task: AppointmentTask) => void) | null;
  onDone: () => void;
}

export function AppointmentDetails({ appointment, practitioner, onTask, onDone }: AppointmentDetailsProps) {
  const { t } = useLanguage();
  const { startsAt, endsAt, allDay, patientName, title, notes } = appointment;
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <p>
          <span className="block font-medium first-letter:uppercase">
            {formatLongDate(toWallTime(startsAt, clinic.timezone).date)}
          </span>
          <span className="text-soft tabular-nums">
            {allDay ? t("appointment.allDay") : formatTimeRange(startsAt, endsAt, clinic.timezone)}
          </span>
        </p>
        <span className="ms-auto">
          <StatusBadge {...appointment} />
        </span>
      </div>
      {practitioner && (
        <p className="flex items-center gap-3">
          <Initials text={practitioner.initials} colour={practitioner.colour} />
          {practitioner.name}
        </p>
      )}
      {patientName && patientName !== title && <p>{patientName}</p>}
      {notes && <p className="rounded-field bg-sunken p-3 whitespace-pre-line">{notes}</p>}
      <Circumstances {...appointment} />
      {onTask && <Links {...appointment} />}
      {onTask && <Tasks appointment={appointment} onTask={onTask} onDone={onDone} />}
    </div>
  );
}

function Circumstances({ statusReason, overbookReason, seriesId }: Appointment) {
  const { t } = useLanguage();
  return (
    <>
      {statusReason && (
        <p>
          <span className="text-soft">{t("appointment.reason")}: </span>
          {statusReason}
        </p>
      )}
      {overbookReason && (
        <p className="flex items-start gap-2">
          <Layers aria-hidden className="mt-1 size-4 shrink-0 text-soft" />
          <span>
            <span className="text-soft">{t("appointment.overbooked")}: </span>
            {overbookReason}
          </span>
        </p>
      )}
      {seriesId && (
        <p className="flex items-center gap-2 text-soft">
          <Repeat aria-hidden className="size-4" />
          {t("appointment.ofSeries")}
        </p>
      )}
    </>
  );
}

function Links({ patientId }: Appointment) {
  const { t } = useLanguage();
  const me = useMe();
  if (!patientId) return null;
  return (
    <div className="flex flex-wrap gap-3">
      <Link to="/patients/$patientId" params={{ patientId }} className={buttonLook("primary")}>
        <User aria-hidden className="size-4" />
        {t("appointment.openPatient")}
      </Link>
      {mayBill(me) && (
        <Link to="/invoices/new" search={{ patient: patientId }} className={buttonLook()}>
          <FileText aria-hidden className="size-4" />
          {t("appointment.invoice")}
        </Link>
      )}
    </div>
  );
}

interface TasksProps {
  appointment: Appointment;
  onTask: (task: AppointmentTask) => void;
  onDone: () => void;
}

function Tasks({ appointment, onTask, onDone }: TasksProps) {
  const { t } = useLanguage();
  const refresh = useDiaryRefresh();
  const showAnswer = useShowAnswer();
  const toldWithUndo = useToldWithUndo();
  const become = useMutation({
    mutationFn: (status: "attended" | "scheduled") =>
      changeAppointment(appointment.id, { status, statusReason: null }, appointment.version),
    onSuccess: async (answered) => {
      await showAnswer(answered);
      toldWithUndo(t(`appointment.became.${answered.status}`), () =>
        changeAppointment(appointment.id, asItWas(appointment), answered.version),
      );
      onDone();
    },
    onError: refresh,
  });
  const isScheduled = appointment.status === "scheduled";
  return (
    <div className="grid gap-4 border-t border-line pt-4">
      {become.error && <Notice tone="danger" urgent heading={problemText(become.error)} />}
      <div className="flex flex-wrap gap-2">
        {isScheduled && appointment.type === "appointment" && (
          <>
            <Task icon={<Check />} busy={become.isPending} onClick={() => become.mutate("attended")}>
              {t("appointment.attend")}
            </Task>
            <Task icon={<UserX />} onClick={() => onTask("missed")}>
              {t("appointment.miss")}
            </Task>
          </>
        )}
        {!isScheduled && (
          <Task icon={<Undo2 />} busy={become.isPending} onClick={() => become.mutate("scheduled")}>
            {t("appointment.restore")}
          </Task>
        )}
        {isScheduled && (
          <Task icon={<CalendarClock />} onClick={() => onTask("move")}>
            {t("appointment.move")}
          </Task>
        )}
        <Task icon={<Pencil />} onClick={() => onTask("edit")}>
          {t("action.edit")}
        </Task>
      </div>
      <div className="flex flex-wrap gap-2">
        {isScheduled && (
          <Task icon={<Ban />} look="danger" onClick={() => onTask("cancelled")}>
            {t("appointment.cancel")}
          </Task>
        )}
        <Task icon={<Trash2 />} look="danger" onClick={() => onTask("delete")}>
          {t("appointment.delete")}
        </Task>
      </div>
    </div>
  );
}

interface TaskProps {
  icon: ReactNode;
  look?: "quiet" | "danger";
  busy?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Task({ icon, look = "quiet", busy = false, onClick, children }: TaskProps) {
  return (
    <Button look={look} busy={busy} onClick={onClick}>
      <span aria-hidden className="[&>svg]:size-4">
        {icon}
      </span>
      {children}
    </Button>
  );
}
