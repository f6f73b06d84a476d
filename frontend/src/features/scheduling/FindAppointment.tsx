/** Finds a patient's appointments from the calendar, and goes to the one that is chosen. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { clinic } from "@/api/clinic";
import type { Appointment } from "@/api/types";
import { formatDay, formatTimeRange } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Dialog } from "@/ui/Dialog";
import type { Pick } from "@/ui/SearchPicker";
import { Skeleton } from "@/ui/surface";
import { PatientPicker } from "./PatientPicker";
import { patientAppointmentsQuery } from "./queries";
import { StatusBadge } from "./status";

interface FindAppointmentProps {
  onClose: () => void;
  onFound: (appointment: Appointment) => void;
}

export function FindAppointment({ onClose, onFound }: FindAppointmentProps) {
  const { t } = useLanguage();
  const [patient, setPatient] = useState<Pick | null>(null);
  return (
    <Dialog open onClose={onClose} heading={t("calendar.search")} closeLabel={t("action.close")}>
      <div className="grid min-h-64 content-start gap-4">
        <PatientPicker isFirst value={patient} onChange={setPatient} />
        {patient && <Found patientId={patient.id} onFound={onFound} />}
      </div>
    </Dialog>
  );
}

/** What is still to come stands first, the nearest above. */
function inOrder(appointments: readonly Appointment[]): Appointment[] {
  const now = Date.now();
  const isNext = ({ endsAt }: Appointment) => Date.parse(endsAt) >= now;
  return [...appointments.filter(isNext).toReversed(), ...appointments.filter((other) => !isNext(other))];
}

function Found({ patientId, onFound }: { patientId: string } & { onFound: (found: Appointment) => void }) {
  const { t } = useLanguage();
  const found = useQuery(patientAppointmentsQuery(patientId));
  if (found.isPending) return <Skeleton className="h-24" />;
  if (!found.data?.length) return <p className="text-soft">{t("patient.appointments.empty")}</p>;
  return (
    <ul className="grid gap-1">
      {inOrder(found.data).map((appointment) => (
        <li key={appointment.id}>
          <button
            type="button"
            onClick={() => onFound(appointment)}
            className="flex min-h-11 w-full flex-wrap items-center gap-x-3 rounded-field px-3 py-1.5 text-left hover:bg-sunken"
          >
            <span className="font-medium whitespace-nowrap">
              {formatDay(appointment.startsAt, clinic.timezone)}
            </span>
            <span className="text-soft tabular-nums">
              {formatTimeRange(appointment.startsAt, appointment.endsAt, clinic.timezone)}
            </span>
            <span className="ms-auto">
              <StatusBadge {...appointment} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
