/** Writes one clinical record, new or carried forward, or the correction of one; what is saved stays as it is. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import { correctRecord, readRecord, writeRecord } from "@/api/patients";
import { asProblem, type Problem } from "@/api/problem";
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
import { RecordStartNotice } from "./RecordStartNotice";
import { RECORD_TEXTS } from "./recordFields";
import {
  changedTexts,
  correctionSchema,
  type RecordForm,
  type RecordStart,
  recordSchema,
  startForm,
  toCorrectionInput,
  toRecordInput,
} from "./recordForm";
import { StartedText } from "./StartedText";

interface RecordEditorProps {
  patientId: string;
  start: RecordStart;
  onSaved: () => void;
  onCancel: () => void;
}

const draftName = (patientId: string, { kind, base }: RecordStart) =>
  [patientId, kind, kind === "correction" && base.number].filter(Boolean).join(".");

export function RecordEditor({ patientId, start: begun, onSaved, onCancel }: RecordEditorProps) {
  const { t } = useLanguage();
  const me = useMe();
  const queryClient = useQueryClient();
  const today = toWallTime(new Date(), clinic.timezone).date;
  const [start, setStart] = useState(begun);
  const [isOvertaken, setIsOvertaken] = useState(false);
  const isCorrection = start.kind === "correction";
  const form = useForm<RecordForm>({
    resolver: zodResolver(isCorrection ? correctionSchema : recordSchema),
    defaultValues: startForm(begun, today),
  });
  const draft = useDraft<RecordForm>(form, `${me.id}.record.${draftName(patientId, begun)}`);
  const [problem, setProblem] = useState<string | null>(null);
  const withKey = useIdempotencyKey();
  const date = useWatch({ control: form.control, name: "date" });
  const errors = form.formState.errors;

  const save = useMutation({
    mutationFn: (values: RecordForm) =>
      withKey((key) =>
        start.kind === "correction"
          ? correctRecord(start.base.id, toCorrectionInput(values), key)
          : writeRecord(toRecordInput(values, patientId), key),
      ),
    onSuccess: () => {
      draft.forget();
      void queryClient.invalidateQueries({ queryKey: ["records", patientId] });
      said(t(isCorrection ? "record.correction.saved" : "record.saved"));
      onSaved();
    },
    onError: (error) => {
      const refusal = asProblem(error);
      if (refusal.code === "record-already-corrected")
        return layOver(refusal).catch((failure) => setProblem(problemText(failure)));
      const homeless = showViolations(form, refusal.violations);
      setProblem(refusal.violations.length === 0 ? problemText(refusal) : homeless.join(" ") || null);
    },
  });

  /** A colleague corrected it first: theirs is the version to correct now, with what was written here laid over it. */
  const layOver = async (refusal: Problem) => {
    const latest = await readRecord(refusal.member<string>("latestId") ?? "");
    const mine = form.getValues();
    const kept = changedTexts(mine, startForm(start, today));
    const overtaking: RecordStart = { kind: "correction", base: latest };
    form.reset({ ...startForm(overtaking, today), reason: mine.reason });
    for (const name of kept) form.setValue(name, mine[name], { shouldDirty: true });
    setStart(overtaking);
    setIsOvertaken(true);
  };

  const submit = form.handleSubmit((values) => {
    setProblem(null);
    if (!save.isPending) save.mutate(values);
  });

  const cancel = () => {
    draft.forget();
    onCancel();
  };

  return (
    <form onSubmit={submit} noValidate aria-label={t(`record.form.${start.kind}`)}>
      <DraftNotice
        draft={draft}
        texts={{
          restored: (time) => t("draft.restored", { time: formatTime(time, clinic.timezone) }),
          discard: t("draft.discard"),
        }}
      />
      <RecordStartNotice start={start} isOvertaken={isOvertaken} />
      {problem && (
        <Notice tone="danger" urgent className="mb-4">
          {problem}
        </Notice>
      )}
      <div className="card grid gap-4 p-5 md:p-6">
        {isCorrection && (
          <TextArea
            {...form.register("reason")}
            label={t("record.reason")}
            hint={t("record.reason.hint")}
            error={errorText(errors.reason, t)}
            maxLength={500}
            rows={2}
            required
          />
        )}
        <TextField
          {...form.register("date")}
          label={t("record.date")}
          error={errorText(errors.date, t)}
          hint={!isCorrection && date < today ? t("record.backdated") : undefined}
          type="date"
          max={today}
          required
          className="md:max-w-72"
        />
        {RECORD_TEXTS.map((name) => (
          <StartedText key={name} form={form} name={name} start={start} />
        ))}
        <Checkbox {...form.register("sickLeave")} label={t("record.sickLeave")} />
        {!isCorrection && <p className="text-sm text-soft">{t("record.final")}</p>}
      </div>
      <div className="sticky bottom-0 z-10 -mx-4 mt-6 flex gap-3 border-t border-line bg-canvas/95 px-4 py-3 backdrop-blur max-md:bottom-[var(--bottom-bar)] md:-mx-8 md:px-8">
        <Button type="submit" look="primary" busy={save.isPending} className="max-md:flex-1">
          {t(isCorrection ? "record.correction.save" : "action.save")}
        </Button>
        <Button onClick={cancel} className="max-md:flex-1">
          {t("action.cancel")}
        </Button>
      </div>
    </form>
  );
}
