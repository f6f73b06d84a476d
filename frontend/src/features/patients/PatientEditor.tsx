/** Registers a patient or changes one: a draft, likely duplicates before a second card, both versions on a conflict. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { mayReadClinical, useMe } from "@/api/me";
import { changePatient, readPatient, registerPatient } from "@/api/patients";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import type { LikelyMatch, Patient } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { DraftNotice } from "@/ui/DraftNotice";
import { Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { useDraft } from "@/ui/useDraft";
import { showViolations } from "@/ui/violations";
import { DangerZone } from "./DangerZone";
import { DuplicateCard } from "./DuplicateCard";
import { PatientConflict } from "./PatientConflict";
import { PatientSections } from "./PatientSections";
import { differences, type PatientForm, patientSchema, toForm, toInput } from "./patientForm";

interface PatientEditorProps {
  patient: Patient | null;
  onSaved: (patient: Patient) => void;
  onCancel: () => void;
  /** Where a patient is waited for, goes on with one whom the registry knows already. */
  onKnown?: (patientId: string) => void;
}

interface Save {
  values: PatientForm;
  /** The person has seen the likely matches: it is somebody else. */
  force?: boolean;
}

export function PatientEditor({ patient, onSaved, onCancel, onKnown }: PatientEditorProps) {
  const { t } = useLanguage();
  const me = useMe();
  const queryClient = useQueryClient();
  const mayEditClinical = mayReadClinical(me);
  const form = useForm<PatientForm>({ resolver: zodResolver(patientSchema), defaultValues: toForm(patient) });
  const [start, setStart] = useState(patient);
  const draft = useDraft<PatientForm>(form, `${me.id}.patient.${patient?.id ?? "new"}`, start?.version);
  const [newer, setNewer] = useState<Patient | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [matches, setMatches] = useState<LikelyMatch[]>([]);
  const withKey = useIdempotencyKey();
  const current = newer ?? start;

  const save = useMutation({
    mutationFn: ({ values, force = false }: Save) => {
      const input = toInput(values, mayEditClinical, current);
      if (!patient) return withKey((key) => registerPatient(input, force, key));
      return changePatient(patient.id, input, newer?.version ?? draft.version ?? patient.version);
    },
    onSuccess: (saved) => {
      draft.forget();
      queryClient.setQueryData(["patients", saved.id], saved);
      void queryClient.invalidateQueries({ queryKey: ["patients", "list"] });
      void queryClient.invalidateQueries({ queryKey: ["dashboard"] });
      void queryClient.invalidateQueries({ queryKey: ["changes", saved.id] });
      said(t(patient ? "patient.saved" : "patient.registered"));
      onSaved(saved);
    },
    onError: (error) => {
      const refusal = asProblem(error);
      if (refusal.code === "patient-likely-duplicate") return setMatches(refusal.member("matches") ?? []);
      if (refusal.status === 412 && patient)
        return readPatient(patient.id)
          .then(layOver)
          .catch((failure) => setProblem(problemText(failure)));
      const homeless = showViolations(form, refusal.violations);
      const nothingShown = refusal.violations.length === 0;
      setProblem(nothingShown ? problemText(refusal) : homeless.join(" ") || null);
    },
  });

  /** A colleague was first: only what was written here stays, everything else is as they saved it. */
  const layOver = (fresh: Patient) => {
    const mine = form.getValues();
    const written = differences(mine, toForm(current));
    form.reset(toForm(fresh));
    for (const name of written) form.setValue(name, mine[name], { shouldDirty: true });
    setNewer(fresh);
  };

  const send = (force: boolean) =>
    form.handleSubmit((values) => {
      setProblem(null);
      if (!force) setMatches([]);
      if (!save.isPending) save.mutate({ values, force });
    });
  const submit = send(false);

  const takeTheirs = () => {
    if (!newer) return;
    draft.discard();
    form.reset(toForm(newer));
    setStart(newer);
    setNewer(null);
    queryClient.setQueryData(["patients", newer.id], newer);
  };

  const keepEditing = () => {
    setMatches([]);
    form.setFocus("firstName");
  };

  const goOnWith = (patientId: string) => {
    draft.forget();
    onKnown?.(patientId);
  };

  const cancel = () => {
    draft.forget();
    onCancel();
  };

  return (
    <>
      <form onSubmit={submit} noValidate aria-label={t(patient ? "patient.edit" : "patients.new")}>
        <DraftNotice
          draft={draft}
          texts={{
            restored: (time) => t("draft.restored", { time: formatTime(time, clinic.timezone) }),
            discard: t("draft.discard"),
          }}
        />
        {newer && (
          <PatientConflict mine={form.getValues()} theirs={newer} onTheirs={takeTheirs} onMine={submit} />
        )}
        {problem && (
          <Notice tone="danger" urgent className="mb-4">
            {problem}
          </Notice>
        )}
        {matches.length > 0 && (
          <DuplicateCard
            matches={matches}
            isBusy={save.isPending}
            onRegisterAnyway={send(true)}
            onKeepEditing={keepEditing}
            onKnown={onKnown && goOnWith}
          />
        )}
        <PatientSections form={form} mayEditClinical={mayEditClinical} />
        <div className="sticky bottom-0 z-10 -mx-4 mt-6 flex gap-3 border-t border-line bg-canvas/95 px-4 py-3 backdrop-blur max-md:bottom-[var(--bottom-bar)] md:-mx-8 md:px-8">
          <Button type="submit" look="primary" busy={save.isPending} className="max-md:flex-1">
            {t("action.save")}
          </Button>
          <Button onClick={cancel} className="max-md:flex-1">
            {t("action.cancel")}
          </Button>
        </div>
      </form>
      {current && <DangerZone patient={current} onChanged={newer ? setNewer : setStart} onErased={cancel} />}
    </>
  );
}
