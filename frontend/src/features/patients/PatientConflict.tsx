/** A colleague changed the patient meanwhile: both versions of what differs, and which one shall be kept. */
import type { Patient } from "@/api/types";
import { type Translate, useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/surface";
import { differences, type PatientForm, toForm } from "./patientForm";

interface PatientConflictProps {
  mine: PatientForm;
  theirs: Patient;
  onTheirs: () => void;
  onMine: () => void;
}

export function PatientConflict({ mine, theirs, onTheirs, onMine }: PatientConflictProps) {
  const { t } = useLanguage();
  const stored = toForm(theirs);
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
            <dt className="inline font-medium">{t(`patient.${name}`)}: </dt>
            <dd className="inline">
              {t("patient.conflict.both", { mine: shown(mine[name], t), theirs: shown(stored[name], t) })}
            </dd>
          </div>
        ))}
      </dl>
    </Notice>
  );
}

function shown(value: string | boolean, t: Translate): string {
  if (typeof value === "boolean") return t(value ? "answer.yes" : "answer.no");
  return value || "–";
}
