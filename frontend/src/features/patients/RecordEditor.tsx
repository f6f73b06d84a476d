/** Writes one clinical record; once saved it changes only by a correction. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import { writeRecord } from "@/api/patients";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { toWallTime } from "@/i18n/clinicTime";
import { errorText } from "@/i18n/errorText";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { DraftNotice } from "@/ui/DraftNotice";
import { Checkbox, TextArea, TextField } from "@/ui/Field";
import { Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { useDraft } from "@/ui/useDraft";
import { showViolations } from "@/ui/violations";
import { RECORD_TEXTS } from "./recordFields";
import { emptyRecord, type RecordForm, recordSchema, toRecordInput } from "./recordForm";

interface RecordEditorProps {
  patientId: string;
  onSaved: () => void;
  onCancel: () => void;
}

export function RecordEditor({ patientId, onSaved, onCancel }: RecordEditorProps) {
  const { t } = useLanguage();
  const me = useMe();
  const queryClient = useQueryClient();
  const today = toWallTime(new Date(), clinic.timezone).date;
  const form = useForm<RecordForm>({
    resolver: zodResolver(recordSchema),
    defaultValues: emptyRecord(today),
  });
  const draft = useDraft<RecordForm>(form, `${me.id}.record.${patientId}`);
  const [problem, setProblem] = useState<string | null>(null);
  const withKey = useIdempotencyKey();

  const save = useMutation({
    mutationFn: (values: RecordForm) => withKey((key) => writeRecord(toRecordInput(values, patientId), key)),
    onSuccess: () => {
      draft.forget();
      void queryClient.invalidateQueries({ queryKey: ["records", patientId] });
      said(t("record.saved"));
      onSaved();
    },
    onError: (error) => {
      const refusal = asProblem(error);
      const homeless = showViolations(form, refusal.violations);
      setProblem(refusal.violations.length === 0 ? problemText(refusal) : homeless.join(" ") || null);
    },
  });

  const submit = form.handleSubmit((values) => {
    setProblem(null);
    if (!save.isPending) save.mutate(values);
  });

  return (
    <form onSubmit={submit} noValidate aria-label={t("records.new")} className="card grid gap-4 p-5 md:p-6">
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
      <TextField
        {...form.register("date")}
        label={t("record.date")}
        error={errorText(form.formState.errors.date, t)}
        type="date"
        max={today}
        required
        className="md:max-w-56"
      />
      {RECORD_TEXTS.map((name) => (
        <TextArea
          key={name}
          {...form.register(name)}
          label={t(`record.${name}`)}
          error={errorText(form.formState.errors[name], t)}
          required={name === "physiotherapyTreatment"}
          rows={name === "physiotherapyTreatment" ? 5 : 2}
        />
      ))}
      <Checkbox {...form.register("sickLeave")} label={t("record.sickLeave")} />
      <p className="text-sm text-soft">{t("record.final")}</p>
      <div className="flex gap-3">
        <Button type="submit" look="primary" busy={save.isPending} className="max-md:flex-1">
          {t("action.save")}
        </Button>
        <Button
          onClick={() => {
            draft.forget();
            onCancel();
          }}
          className="max-md:flex-1"
        >
          {t("action.cancel")}
        </Button>
      </div>
    </form>
  );
}
