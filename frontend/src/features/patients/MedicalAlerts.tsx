/** What must be seen before touching the patient. */
import { TriangleAlert } from "lucide-react";
import type { Patient } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { ALERT_FIELDS } from "./patientFields";

export function MedicalAlerts({ patient }: { patient: Patient }) {
  const { t } = useLanguage();
  const alerts = ALERT_FIELDS.filter((name) => patient[name]);
  if (alerts.length === 0) return null;
  return (
    <section
      aria-label={t("patient.alerts")}
      className="mb-5 flex gap-3 rounded-card border border-danger/30 bg-danger-soft px-5 py-4 text-danger"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
      <dl className="grid min-w-0 gap-1">
        {alerts.map((name) => (
          <div key={name} className="wrap-anywhere">
            <dt className="inline font-semibold">{t(`patient.${name}`)}: </dt>
            <dd className="inline text-ink">{patient[name]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
