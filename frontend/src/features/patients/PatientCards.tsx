/** What the registry and the clinical background say of a patient. */
import type { ReactNode } from "react";
import { clinic } from "@/api/clinic";
import type { Patient } from "@/api/types";
import { toWallTime } from "@/i18n/clinicTime";
import { formatDate, formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { Card } from "@/ui/surface";
import { CLINICAL_FIELDS } from "./patientFields";

const LANGUAGES = { en: "English", es: "Español" };
const LINK = "text-accent-text underline-offset-4 hover:underline";

export function RegistryCard({ patient }: { patient: Patient }) {
  const { t } = useLanguage();
  const day = (instant: string) => formatDate(toWallTime(instant, clinic.timezone).date);
  return (
    <Card heading={t("patient.registry")}>
      <Facts
        facts={[
          [t("patient.dateOfBirth"), patient.dateOfBirth && formatDate(patient.dateOfBirth)],
          [t("patient.taxId"), patient.taxId && <TaxId patient={patient} />],
          [t("patient.phone"), patient.phone && <PhoneLink phone={patient.phone} />],
          [
            t("patient.email"),
            patient.email && (
              <a className={LINK} href={`mailto:${patient.email}`}>
                {patient.email}
              </a>
            ),
          ],
          [t("patient.emailReminders"), patient.emailReminders && t("answer.yes")],
          [t("patient.language"), patient.language && LANGUAGES[patient.language]],
          [t("patient.address"), patient.address],
          [t("patient.profession"), patient.profession],
          [t("patient.sportsActivity"), patient.sportsActivity],
          [t("patient.rate"), patient.rate && formatMoney(patient.rate, clinic.currency)],
          [t("patient.notes"), patient.notes],
        ]}
      />
      <p className="mt-4 text-sm text-soft">
        {t("patient.since", { created: day(patient.createdAt), updated: day(patient.updatedAt) })}
      </p>
    </Card>
  );
}

export function PhoneLink({ phone, className }: { phone: string; className?: string }) {
  return (
    <a className={classes(LINK, className)} href={`tel:${phone.replace(/\s/g, "")}`}>
      {phone}
    </a>
  );
}

function TaxId({ patient }: { patient: Patient }) {
  const { t } = useLanguage();
  return (
    <>
      {patient.taxId}
      {patient.taxIdWarning && <span className="block text-sm text-warn">{t("patient.taxIdWarning")}</span>}
    </>
  );
}

export function BackgroundCard({ patient }: { patient: Patient }) {
  const { t } = useLanguage();
  const known = CLINICAL_FIELDS.filter((name) => patient[name]);
  return (
    <Card heading={t("patient.section.clinical")}>
      {known.length === 0 ? (
        <p className="text-soft">{t("patient.background.empty")}</p>
      ) : (
        <Facts facts={known.map((name) => [t(`patient.${name}`), patient[name]])} />
      )}
    </Card>
  );
}

function Facts({ facts }: { facts: [string, ReactNode][] }) {
  const known = facts.filter(([, value]) => value);
  return (
    <dl className="grid gap-3">
      {known.map(([label, value]) => (
        <div key={label} className="wrap-anywhere">
          <dt className="text-sm text-soft">{label}</dt>
          <dd className="whitespace-pre-line">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
