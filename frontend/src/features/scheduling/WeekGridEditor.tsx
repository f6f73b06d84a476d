/** Edits a practitioner's week slot by slot; a colleague's newer week is shown before it is written over. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import { changeWeekGrid, readWeekGrid } from "@/api/scheduling";
import type { WeekGrid } from "@/api/types";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { DraftNotice } from "@/ui/DraftNotice";
import { Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { useDraft } from "@/ui/useDraft";
import { showViolations } from "@/ui/violations";
import { WeekGridDay } from "./WeekGridDay";
import { WeekGridView } from "./WeekGridView";
import { type WEEKDAYS, weekInOrder } from "./weekdays";
import { inOrder, toWeekGridForm, toWeekGridInput, type WeekGridForm, weekGridSchema } from "./weekGridForm";

interface WeekGridEditorProps {
  practitionerId: string;
  week: WeekGrid;
  /** Another week is the one to edit now: saved, or taken over from a colleague. */
  onWeek: (week: WeekGrid) => void;
}

export function WeekGridEditor({ practitionerId, week, onWeek }: WeekGridEditorProps) {
  const { t } = useLanguage();
  const me = useMe();
  const queryClient = useQueryClient();
  const [newer, setNewer] = useState<WeekGrid | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<WeekGridForm>({
    resolver: zodResolver(weekGridSchema),
    defaultValues: toWeekGridForm(week),
  });
  const draft = useDraft<WeekGridForm>(form, `${me.id}.week-grid.${practitionerId}`, week.version);
  const { isDirty } = form.formState;

  const leaveFor = (fresh: WeekGrid) => {
    draft.forget();
    onWeek(fresh);
  };

  const save = useMutation({
    mutationFn: (values: WeekGridForm) =>
      changeWeekGrid(
        practitionerId,
        toWeekGridInput(values),
        newer?.version ?? draft.version ?? week.version,
      ),
    onSuccess: (saved) => {
      leaveFor(saved);
      void queryClient.invalidateQueries({ queryKey: ["availability"] });
      said(t("workingHours.saved"));
    },
    onError: (error) => {
      const refusal = asProblem(error);
      if (refusal.status === 412)
        return readWeekGrid(practitionerId)
          .then(setNewer)
          .catch((failure) => setProblem(problemText(failure)));
      const homeless = showViolations(form, refusal.violations);
      setProblem(refusal.violations.length === 0 ? problemText(refusal) : homeless.join(" ") || null);
    },
  });

  const discard = () => {
    setNewer(null);
    setProblem(null);
    draft.discard();
  };

  const submit = form.handleSubmit((values) => {
    setProblem(null);
    // The slots are sent as they stand, so that what is refused is refused at its place.
    if (!save.isPending) save.mutate(values);
  });

  const copy = (from: (typeof WEEKDAYS)[number], to: readonly (typeof WEEKDAYS)[number][]) => {
    const slots = inOrder(form.getValues(from));
    for (const day of to)
      form.setValue(
        day,
        slots.map((slot) => ({ ...slot })),
        { shouldDirty: true },
      );
    form.clearErrors([...to]);
  };

  return (
    <form onSubmit={submit} noValidate aria-label={t("workingHours.heading")}>
      <DraftNotice
        draft={draft}
        texts={{
          restored: (time) => t("draft.restored", { time: formatTime(time, clinic.timezone) }),
          discard: t("draft.discard"),
        }}
      />
      {newer && (
        <Notice
          tone="warn"
          urgent
          heading={t("workingHours.conflict")}
          className="mb-4"
          actions={
            <>
              <Button onClick={submit}>{t("patient.conflict.mine")}</Button>
              <Button onClick={() => leaveFor(newer)}>{t("patient.conflict.theirs")}</Button>
            </>
          }
        >
          <p className="mb-2">{t("workingHours.conflict.text")}</p>
          <WeekGridView week={newer} />
        </Notice>
      )}
      {problem && (
        <Notice tone="danger" urgent className="mb-4">
          {problem}
        </Notice>
      )}
      <div className="card divide-y divide-line">
        {weekInOrder().map((day) => (
          <WeekGridDay key={day} form={form} day={day} onCopy={(to) => copy(day, to)} />
        ))}
      </div>
      <div className="sticky bottom-0 z-10 -mx-4 flex flex-wrap gap-3 bg-canvas/95 px-4 py-3 backdrop-blur max-md:bottom-[var(--bottom-bar)] md:-mx-8 md:px-8">
        <Button type="submit" look="primary" busy={save.isPending} className="max-md:flex-1">
          {t("action.save")}
        </Button>
        {isDirty && (
          <Button onClick={discard} className="max-md:flex-1">
            {t("workingHours.discard")}
          </Button>
        )}
      </div>
    </form>
  );
}
