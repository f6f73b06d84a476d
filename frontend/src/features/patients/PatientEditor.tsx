/** Registers a patient or changes one: sections, errors at their fields, a draft, and both versions on a conflict. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useForm } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { mayReadClinical, useMe } from "@/api/me";
import { changePatient, readPatient, registerPatient } from "@/api/patients";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import type { Patient } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { errorText } from "@/i18n/errorText";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { DraftNotice } from "@/ui/DraftNotice";
import { Select, TextArea, TextField } from "@/ui/Field";
import { Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { useDraft } from "@/ui/useDraft";
import { showViolations } from "@/ui/violations";
import { CLINICAL_FIELDS, type PatientField } from "./patientFields";
import { differences, type PatientForm, patientSchema, toForm, toInput } from "./patientForm";

interface PatientEditorProps {
  patient: Patient | null;
  onSaved: (patient: Patient) => void;
  onCancel: () => void;
}

export function PatientEditor({ patient, onSaved, onCancel }: PatientEditorProps) {
  const { t } = useLanguage();
  const me = useMe();
  const queryClient = useQueryClient();
  const mayEditClinical = mayReadClinical(me);
  const form = useForm<PatientForm>({ resolver: zodResolver(patientSchema), defaultValues: toForm(patient) });
  const [start, setStart] = useState(patient);
  const draft = useDraft<PatientForm>(form, `${me.id}.patient.${patient?.id ?? "new"}`, start?.version);
  const [newer, setNewer] = useState<Patient | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const withKey = useIdempotencyKey();

  const save = useMutation({
    mutationFn: (values: PatientForm) => {
      const input = toInput(values, mayEditClinical, newer ?? start);
      if (!patient) return withKey((key) => registerPatient(input, key));
      return changePatient(patient.id, input, newer?.version ?? draft.version ?? patient.version);
    },
    onSuccess: async (saved) => {
      draft.forget();
      queryClient.setQueryData(["patients", saved.id], saved);
      void queryClient.invalidateQueries({ queryKey: ["patients", "list"] });
      void queryClient.invalidateQueries({ queryKey: ["dashboard"] });
      said(t(patient ? "patient.saved" : "patient.registered"));
      onSaved(saved);
    },
    onError: async (error) => {
      const refusal = asProblem(error);
      if (refusal.status === 412 && patient) return layOver(await readPatient(patient.id));
      const homeless = showViolations(form, refusal.violations);
      const nothingShown = refusal.violations.length === 0;
      setProblem(nothingShown ? problemText(refusal) : homeless.join(" ") || null);
    },
  });

  /** A colleague was first: only what was written here stays, everything else is as they saved it. */
  const layOver = (fresh: Patient) => {
    const mine = form.getValues();
    const written = differences(mine, toForm(newer ?? start));
    form.reset(toForm(fresh));
    for (const name of written) form.setValue(name, mine[name], { shouldDirty: true });
    setNewer(fresh);
  };

  const submit = form.handleSubmit((values) => {
    setProblem(null);
    if (!save.isPending) save.mutate(values);
  });

  const takeTheirs = () => {
    if (!newer) return;
    draft.discard();
    form.reset(toForm(newer));
    setStart(newer);
    setNewer(null);
    queryClient.setQueryData(["patients", newer.id], newer);
  };

  const bind = (name: PatientField) => ({
    ...form.register(name),
    label: t(`patient.${name}`),
    error: errorText(form.formState.errors[name], t),
  });

  return (
    <form onSubmit={submit} noValidate aria-label={t(patient ? "patient.edit" : "patients.new")}>
      <DraftNotice
        draft={draft}
        texts={{
          restored: (time) => t("draft.restored", { time: formatTime(time, clinic.timezone) }),
          discard: t("draft.discard"),
        }}
      />
      {newer && <Conflict mine={form.getValues()} theirs={newer} onTheirs={takeTheirs} onMine={submit} />}
      {problem && (
        <Notice tone="danger" urgent className="mb-4">
          {problem}
        </Notice>
      )}
      <div className="grid gap-5">
        <Section heading={t("patient.section.person")}>
          <TextField {...bind("firstName")} required autoComplete="off" />
          <TextField {...bind("lastName")} required autoComplete="off" />
          <TextField {...bind("dateOfBirth")} type="date" />
          <TextField
            {...bind("taxId")}
            autoComplete="off"
            spellCheck={false}
            hint={t("patient.taxId.hint")}
          />
          {patient && (
            <Select {...form.register("status")} label={t("patients.status")}>
              <option value="active">{t("patients.status.active")}</option>
              <option value="inactive">{t("patients.status.inactive")}</option>
            </Select>
          )}
        </Section>
        <Section heading={t("patient.section.contact")}>
          <TextField {...bind("phone")} type="tel" autoComplete="off" />
          <TextField {...bind("email")} type="email" autoComplete="off" />
          <TextField {...bind("address")} autoComplete="off" className="md:col-span-2" />
        </Section>
        <Section heading={t("patient.section.more")}>
          <TextField {...bind("profession")} />
          <TextField {...bind("sportsActivity")} />
          <TextField {...bind("rate")} inputMode="decimal" hint={clinic.currency} />
          <TextArea {...bind("notes")} className="md:col-span-2" />
        </Section>
        {mayEditClinical && (
          <Section heading={t("patient.section.clinical")} text={t("patient.section.clinical.text")}>
            {CLINICAL_FIELDS.map((name) => (
              <TextArea key={name} {...bind(name)} rows={2} />
            ))}
          </Section>
        )}
      </div>
      <div className="sticky bottom-0 z-10 -mx-4 mt-6 flex gap-3 border-t border-line bg-canvas/95 px-4 py-3 backdrop-blur max-md:bottom-[var(--bottom-bar)] md:-mx-8 md:px-8">
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

function Section({ heading, text, children }: { heading: string; text?: string; children: ReactNode }) {
  return (
    <fieldset className="card min-w-0 p-5 md:p-6">
      <legend className="float-left mb-4 w-full">
        <h2 className="text-base font-semibold">{heading}</h2>
        {text && <p className="text-sm text-soft">{text}</p>}
      </legend>
      <div className="clear-both grid gap-x-5 gap-y-4 md:grid-cols-2">{children}</div>
    </fieldset>
  );
}

interface ConflictProps {
  mine: PatientForm;
  theirs: Patient;
  onTheirs: () => void;
  onMine: () => void;
}

function Conflict({ mine, theirs, onTheirs, onMine }: ConflictProps) {
  const { t } = useLanguage();
  const stored = toForm(theirs);
  const shown = (name: PatientField | "status", form: PatientForm) =>
    name === "status" ? t(`patients.status.${form.status}`) : form[name] || "–";
  return (
    <Notice
      tone="warn"
      urgent
      heading={t("patient.conflict")}
      className="mb-4"
      actions={
        <>
          <Button onClick={onMine}>{t("patient.conflict.mine")}</Button>
          <Button onClick={onTheirs}>{t("patient.conflict.theirs")}</Button>
        </>
      }
    >
      <p>{t("patient.conflict.text")}</p>
      <dl className="mt-2 grid gap-1 text-sm">
        {differences(mine, stored).map((name) => (
          <div key={name}>
            <dt className="inline font-medium">
              {t(name === "status" ? "patients.status" : `patient.${name}`)}:{" "}
            </dt>
            <dd className="inline">
              {t("patient.conflict.both", { mine: shown(name, mine), theirs: shown(name, stored) })}
            </dd>
          </div>
        ))}
      </dl>
    </Notice>
  );
}
