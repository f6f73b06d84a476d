/** Says why an appointment will not take place or was missed; for one of a series, or for the rest of it too. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import { cancelAppointment, changeAppointment } from "@/api/scheduling";
import type { Appointment } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { TextArea } from "@/ui/Field";
import { Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { asItWas } from "./calendarMoves";
import { offerFreedSlot } from "./freedSlots";
import { type Scope, SeriesScope } from "./SeriesScope";
import { cancelRest } from "./seriesChanges";
import { useDiaryRefresh, useShowAnswer, useToldWithUndo } from "./useUndo";

interface ReasonFormProps {
  appointment: Appointment;
  outcome: "cancelled" | "missed";
  onDone: () => void;
  onBack: () => void;
}

export function ReasonForm({ appointment, outcome, onDone, onBack }: ReasonFormProps) {
  const { t } = useLanguage();
  const withKey = useIdempotencyKey();
  const refresh = useDiaryRefresh();
  const showAnswer = useShowAnswer();
  const toldWithUndo = useToldWithUndo();
  const [scope, setScope] = useState<Scope>("one");
  const [reason, setReason] = useState("");
  const [isMissing, setIsMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const isNeeded = outcome === "cancelled";
  const { id, seriesId, version } = appointment;

  const sayOne = async () => {
    const statusReason = reason.trim() || null;
    const answered = await (outcome === "missed"
      ? changeAppointment(id, { status: "missed", statusReason }, version)
      : withKey((key) => cancelAppointment(id, reason.trim(), version, key)));
    await showAnswer(answered);
    if (outcome === "cancelled") offerFreedSlot(appointment);
    toldWithUndo(t(`appointment.${outcome}`), () =>
      changeAppointment(id, asItWas(appointment), answered.version),
    );
  };
  const cancelSeveral = async (series: string) => {
    const { series: answered, undo } = await withKey((key) =>
      cancelRest(appointment, series, scope, reason.trim(), key),
    );
    refresh();
    const text = t("appointment.cancelled.several", { count: answered.appointments.length });
    if (undo) toldWithUndo(text, undo);
    else said(text);
  };
  const save = useMutation({
    mutationFn: () => (scope === "one" || !seriesId ? sayOne() : cancelSeveral(seriesId)),
    onSuccess: onDone,
    onError: refresh,
  });
  const refusal = save.error ? asProblem(save.error) : null;
  const fieldError = isMissing ? t("form.required") : refusal?.violations[0]?.message;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isEmpty = isNeeded && reason.trim() === "";
    setIsMissing(isEmpty);
    if (isEmpty) return field.current?.focus();
    if (!save.isPending) save.mutate();
  };

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {refusal && !refusal.violations[0] && (
        <Notice tone="danger" urgent heading={problemText(refusal)}>
          {refusal.status === 412 && t("appointment.stale")}
        </Notice>
      )}
      {seriesId && outcome === "cancelled" && <SeriesScope scope={scope} onChange={setScope} />}
      <TextArea
        ref={field}
        label={t("appointment.reason")}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        error={fieldError}
        maxLength={500}
        required={isNeeded}
        autoFocus
      />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="danger" busy={save.isPending}>
          {t(outcome === "missed" ? "appointment.miss.confirm" : "appointment.cancel.confirm")}
        </Button>
        <Button onClick={onBack}>{t("action.back")}</Button>
      </div>
    </form>
  );
}
