/** One appointment's details, the way to its patient, and its cancellation with a reason. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { clinic } from "@/api/clinic";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import { cancelAppointment } from "@/api/scheduling";
import type { Appointment, Practitioner } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { toWallTime } from "@/i18n/clinicTime";
import { formatLongDate, formatTimeRange } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextArea } from "@/ui/Field";
import { Initials, Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { StatusBadge } from "./status";

interface AppointmentDialogProps {
  appointment: Appointment;
  practitioner: Practitioner | undefined;
  onClose: () => void;
}

export function AppointmentDialog({ appointment, practitioner, onClose }: AppointmentDialogProps) {
  const { t } = useLanguage();
  const [isCancelling, setIsCancelling] = useState(false);
  const { startsAt, endsAt, status } = appointment;
  return (
    <Dialog
      open
      onClose={onClose}
      heading={appointment.title || t("appointment.untitled")}
      closeLabel={t("action.close")}
    >
      <div className="grid gap-4">
        <div className="flex flex-wrap items-center gap-3">
          <p>
            <span className="block font-medium first-letter:uppercase">
              {formatLongDate(toWallTime(startsAt, clinic.timezone).date)}
            </span>
            <span className="text-soft tabular-nums">
              {appointment.allDay
                ? t("appointment.allDay")
                : formatTimeRange(startsAt, endsAt, clinic.timezone)}
            </span>
          </p>
          <span className="ms-auto">
            <StatusBadge status={status} />
          </span>
        </div>
        {practitioner && (
          <p className="flex items-center gap-3">
            <Initials text={practitioner.initials} colour={practitioner.colour} />
            {practitioner.name}
          </p>
        )}
        {appointment.patientName && appointment.patientName !== appointment.title && (
          <p>{appointment.patientName}</p>
        )}
        {appointment.notes && (
          <p className="rounded-field bg-sunken p-3 whitespace-pre-line">{appointment.notes}</p>
        )}
        {appointment.statusReason && (
          <p>
            <span className="text-soft">{t("appointment.reason")}: </span>
            {appointment.statusReason}
          </p>
        )}
        {isCancelling ? (
          <Cancellation appointment={appointment} onDone={onClose} onBack={() => setIsCancelling(false)} />
        ) : (
          <div className="flex flex-wrap gap-3">
            {appointment.patientId && (
              <Link
                to="/patients/$patientId"
                params={{ patientId: appointment.patientId }}
                className={buttonLook("primary")}
              >
                {t("appointment.openPatient")}
              </Link>
            )}
            {status === "scheduled" && (
              <Button look="danger" onClick={() => setIsCancelling(true)}>
                {t("appointment.cancel")}
              </Button>
            )}
          </div>
        )}
      </div>
    </Dialog>
  );
}

interface CancellationProps {
  appointment: Appointment;
  onDone: () => void;
  onBack: () => void;
}

function Cancellation({ appointment, onDone, onBack }: CancellationProps) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const cancel = useMutation({
    mutationFn: () => withKey((key) => cancelAppointment(appointment.id, reason.trim(), key)),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["appointments"] });
      void queryClient.invalidateQueries({ queryKey: ["dashboard"] });
      said(t("appointment.cancelled"));
      onDone();
    },
  });
  const refusal = cancel.error ? asProblem(cancel.error) : null;
  const fieldError = missing ? t("form.required") : refusal?.violations[0]?.message;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(reason.trim() === "");
    if (reason.trim() === "") return field.current?.focus();
    if (!cancel.isPending) cancel.mutate();
  };

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {refusal && !fieldError && (
        <Notice tone="danger" urgent>
          {problemText(refusal)}
        </Notice>
      )}
      <TextArea
        ref={field}
        label={t("appointment.reason")}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        error={fieldError}
        required
        autoFocus
      />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="danger" busy={cancel.isPending}>
          {t("appointment.cancel.confirm")}
        </Button>
        <Button onClick={onBack}>{t("action.back")}</Button>
      </div>
    </form>
  );
}
