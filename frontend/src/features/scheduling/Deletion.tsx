/** Deletes an appointment that should never have been there, once that has been confirmed. */
import { useMutation } from "@tanstack/react-query";
import { newIdempotencyKey } from "@/api/headers";
import { problemText } from "@/api/problemText";
import { book, changeAppointment, deleteAppointment } from "@/api/scheduling";
import type { Appointment } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/surface";
import { asItWas, placeOf } from "./calendarMoves";
import { offerFreedSlot } from "./freedSlots";
import { useDiaryRefresh, useToldWithUndo } from "./useUndo";

/** The same again, under a new number: what became of it is said anew. */
async function bookAgain(appointment: Appointment): Promise<void> {
  const { status, statusReason, ...input } = asItWas(appointment);
  const again = await book({ ...input, ...placeOf(appointment) }, newIdempotencyKey());
  if (status !== "scheduled")
    await changeAppointment(
      again.id,
      { status: status ?? null, statusReason: statusReason ?? null },
      again.version,
    );
}

interface DeletionProps {
  appointment: Appointment;
  onDone: () => void;
  onBack: () => void;
}

export function Deletion({ appointment, onDone, onBack }: DeletionProps) {
  const { t } = useLanguage();
  const refresh = useDiaryRefresh();
  const toldWithUndo = useToldWithUndo();
  const remove = useMutation({
    mutationFn: () => deleteAppointment(appointment.id, appointment.version),
    onSuccess: () => {
      refresh();
      if (appointment.status === "scheduled") offerFreedSlot(appointment);
      toldWithUndo(t("appointment.deleted"), () => bookAgain(appointment));
      onDone();
    },
    onError: refresh,
  });
  return (
    <Notice
      tone="danger"
      urgent
      heading={remove.error ? problemText(remove.error) : t("appointment.delete.ask")}
      actions={
        <>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()} autoFocus>
            {t("appointment.delete.confirm")}
          </Button>
          <Button onClick={onBack}>{t("action.back")}</Button>
        </>
      }
    >
      {t("appointment.delete.text")}
    </Notice>
  );
}
