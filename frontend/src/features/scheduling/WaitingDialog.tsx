/** Puts a patient on the waiting list, or changes what she waits for. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import { addWaiting, changeWaiting } from "@/api/scheduling";
import type { WaitingEntry } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { toWallTime } from "@/i18n/clinicTime";
import { errorText } from "@/i18n/errorText";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { DIALOG_FOOTER, Dialog } from "@/ui/Dialog";
import { DraftNotice } from "@/ui/DraftNotice";
import { Select, TextArea, TextField } from "@/ui/Field";
import type { Pick } from "@/ui/SearchPicker";
import { Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { useDraft } from "@/ui/useDraft";
import { showViolations } from "@/ui/violations";
import { PatientPicker } from "./PatientPicker";
import { practitionersQuery } from "./queries";
import { useWaitingRefresh } from "./useWaiting";
import { WeekdayPicker } from "./WeekdayPicker";
import { emptyWaiting, toWaitingForm, toWaitingInput, type WaitingForm, waitingSchema } from "./waitingForm";

interface WaitingDialogProps {
  /** Null for somebody new on the list. */
  entry: WaitingEntry | null;
  patient?: Pick | null;
  onClose: () => void;
}

export function WaitingDialog({ entry, patient = null, onClose }: WaitingDialogProps) {
  const { t } = useLanguage();
  const me = useMe();
  const withKey = useIdempotencyKey();
  const refresh = useWaitingRefresh();
  const practitioners = useQuery(practitionersQuery).data ?? [];
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<WaitingForm>({
    resolver: zodResolver(waitingSchema),
    defaultValues: entry ? toWaitingForm(entry) : emptyWaiting(patient),
  });
  const draftOf = entry?.id ?? `new.${patient?.id ?? ""}`;
  const draft = useDraft<WaitingForm>(form, `${me.id}.waiting.${draftOf}`, entry?.version);
  const values = useWatch({ control: form.control }) as WaitingForm;
  const errors = form.formState.errors;

  const save = useMutation({
    mutationFn: (filled: WaitingForm) => {
      const input = toWaitingInput(filled);
      if (!entry) return withKey((key) => addWaiting(input, key));
      return changeWaiting(entry.id, input, draft.version ?? entry.version);
    },
    onSuccess: () => {
      draft.forget();
      refresh();
      said(t(entry ? "waiting.changed" : "waiting.added"));
      onClose();
    },
    onError: (error) => {
      const refusal = asProblem(error);
      const homeless = showViolations(
        form,
        refusal.violations.map((each) => ({
          ...each,
          propertyPath: each.propertyPath
            .replace(/^patientId$/, "patient")
            .replace(/^weekdays\b.*/, "weekdays"),
        })),
      );
      setProblem(refusal.violations.length === 0 ? problemText(refusal) : homeless.join(" ") || null);
    },
  });

  const submit = form.handleSubmit((filled) => {
    setProblem(null);
    if (!save.isPending) save.mutate(filled);
  });
  const cancel = () => {
    draft.forget();
    onClose();
  };
  const shouldValidate = form.formState.isSubmitted;

  return (
    <Dialog
      open
      onClose={onClose}
      heading={t(entry ? "waiting.edit" : "waiting.new")}
      closeLabel={t("action.close")}
    >
      <form onSubmit={submit} noValidate className="grid gap-4">
        <DraftNotice
          draft={draft}
          texts={{
            restored: (time) => t("draft.restored", { time: formatTime(time, clinic.timezone) }),
            discard: t("draft.discard"),
          }}
        />
        {problem && (
          <Notice tone="danger" urgent>
            {problem}
          </Notice>
        )}
        <PatientPicker
          isFirst={values.patient === null}
          value={values.patient}
          onChange={(chosen) =>
            form.setValue("patient", chosen && { id: chosen.id, label: chosen.label }, {
              shouldDirty: true,
              shouldValidate,
            })
          }
          error={errorText(errors.patient, t)}
        />
        <div className="grid gap-4 md:grid-cols-[minmax(0,1fr)_9rem]">
          <Select
            {...form.register("practitionerId")}
            label={t("booking.practitioner")}
            error={errorText(errors.practitionerId, t)}
          >
            <option value="">{t("waiting.anybody")}</option>
            {practitioners
              .filter(({ active, id }) => active || id === entry?.practitionerId)
              .map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
          </Select>
          <TextField
            {...form.register("minutes")}
            label={t("series.minutes")}
            error={errorText(errors.minutes, t)}
            type="number"
            min={5}
            step={5}
            inputMode="numeric"
            required
          />
        </div>
        <WeekdayPicker
          label={t("series.weekdays")}
          value={values.weekdays}
          onChange={(weekdays) => form.setValue("weekdays", weekdays, { shouldDirty: true, shouldValidate })}
          error={errorText(errors.weekdays, t)}
          required
        />
        <div className="grid grid-cols-2 gap-4 md:grid-cols-3">
          <TextField
            {...form.register("from")}
            label={t("waiting.from")}
            error={errorText(errors.from, t)}
            type="time"
            step={300}
            required
          />
          <TextField
            {...form.register("to")}
            label={t("waiting.to")}
            error={errorText(errors.to, t)}
            type="time"
            step={300}
            required
          />
          <TextField
            {...form.register("until")}
            label={t("waiting.until")}
            error={errorText(errors.until, t)}
            type="date"
            min={toWallTime(new Date(), clinic.timezone).date}
            className="max-md:col-span-2"
          />
        </div>
        <TextArea
          {...form.register("notes")}
          label={t("booking.notes")}
          error={errorText(errors.notes, t)}
          rows={2}
        />
        <div className={DIALOG_FOOTER}>
          <Button type="submit" look="primary" busy={save.isPending} className="max-md:flex-1">
            {t("action.save")}
          </Button>
          <Button onClick={cancel} className="max-md:flex-1">
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
