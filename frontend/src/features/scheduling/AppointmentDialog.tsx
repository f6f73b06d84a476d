/** One appointment: what it is, what became of it, and everything that can be done with it. */
import { useState } from "react";
import type { Appointment, Practitioner } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Dialog } from "@/ui/Dialog";
import { AppointmentDetails } from "./AppointmentDetails";
import { AppointmentEditor } from "./AppointmentEditor";
import { Deletion } from "./Deletion";
import { ReasonForm } from "./ReasonForm";

export type AppointmentTask = "details" | "edit" | "move" | "cancelled" | "missed" | "delete";

interface AppointmentDialogProps {
  appointment: Appointment;
  practitioners: readonly Practitioner[];
  onClose: () => void;
  onChanged: (appointment: Appointment) => void;
  onOpen: (appointmentId: string) => void;
}

export function AppointmentDialog(props: AppointmentDialogProps) {
  const { appointment, practitioners, onClose, onChanged, onOpen } = props;
  const { t } = useLanguage();
  const [task, setTask] = useState<AppointmentTask>("details");
  const back = () => setTask("details");
  return (
    <Dialog
      open
      onClose={onClose}
      heading={appointment.title || t("appointment.untitled")}
      closeLabel={t("action.close")}
    >
      <div className="grid gap-5">
        {(task === "edit" || task === "move") && (
          <AppointmentEditor
            appointment={appointment}
            practitioners={practitioners}
            isMove={task === "move"}
            onDone={(changed) => {
              onClose();
              onChanged(changed);
            }}
            onBack={back}
            onOpen={onOpen}
          />
        )}
        {task !== "edit" && task !== "move" && (
          <AppointmentDetails
            appointment={appointment}
            practitioner={practitioners.find(({ id }) => id === appointment.practitionerId)}
            onTask={task === "details" ? setTask : null}
            onDone={onClose}
          />
        )}
        {(task === "cancelled" || task === "missed") && (
          <ReasonForm appointment={appointment} outcome={task} onDone={onClose} onBack={back} />
        )}
        {task === "delete" && <Deletion appointment={appointment} onDone={onClose} onBack={back} />}
      </div>
    </Dialog>
  );
}
