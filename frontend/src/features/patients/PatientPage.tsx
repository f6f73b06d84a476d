/** One patient: alerts first, then what is next, then the registry data and the history. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarPlus, FileText, Pencil, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { clinic } from "@/api/clinic";
import { mayBill, mayReadClinical, useMe } from "@/api/me";
import { problemText } from "@/api/problemText";
import type { Patient } from "@/api/types";
import { formatDate, formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { Badge, Card, Notice, Skeleton } from "@/ui/surface";
import { ALERT_FIELDS, CLINICAL_FIELDS } from "./patientFields";
import { patientQuery } from "./queries";
import { RecordTimeline } from "./RecordTimeline";

interface PatientPageProps {
  patientId: string;
  /** What the other contexts know of this patient, given by the application. */
  appointments: ReactNode;
  invoices: ReactNode;
}

export function PatientPage({ patientId, appointments, invoices }: PatientPageProps) {
  const { t } = useLanguage();
  const me = useMe();
  const found = useQuery(patientQuery(patientId));
  const patient = found.data;
  if (!patient) {
    return (
      <Page heading={t("patient.heading")}>
        {found.isError ? (
          <Notice
            tone="danger"
            urgent
            actions={<Button onClick={() => found.refetch()}>{t("action.retry")}</Button>}
          >
            {problemText(found.error)}
          </Notice>
        ) : (
          <div className="grid gap-5 lg:grid-cols-3">
            <Skeleton className="h-96 lg:col-span-2" />
            <Skeleton className="h-96" />
          </div>
        )}
      </Page>
    );
  }
  return (
    <Page
      heading={patient.fullName}
      title={t("patient.heading")}
      beside={
        <span className="flex gap-2">
          <Badge>{t("patient.number", { number: patient.number })}</Badge>
          {patient.status === "inactive" && <Badge tone="warn">{t("patients.status.inactive")}</Badge>}
        </span>
      }
      actions={
        <>
          <Link
            to="/calendar"
            search={{ patient: patient.id }}
            className={buttonLook("primary", "max-md:flex-1")}
          >
            <CalendarPlus aria-hidden className="size-5" />
            {t("appointment.book")}
          </Link>
          {mayBill(me) && (
            <Link
              to="/invoices/new"
              search={{ patient: patient.id }}
              className={buttonLook("quiet", "max-md:flex-1")}
            >
              <FileText aria-hidden className="size-5" />
              {t("invoices.new")}
            </Link>
          )}
          <Link
            to="/patients/$patientId/edit"
            params={{ patientId: patient.id }}
            className={buttonLook("quiet", "max-md:flex-1")}
          >
            <Pencil aria-hidden className="size-4" />
            {t("action.edit")}
          </Link>
        </>
      }
    >
      <Alerts patient={patient} />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-5">
          {appointments}
          {mayReadClinical(me) && <RecordTimeline patientId={patient.id} />}
          {invoices}
        </div>
        <div className="grid min-w-0 gap-5">
          <RegistryCard patient={patient} />
          {mayReadClinical(me) && <BackgroundCard patient={patient} />}
        </div>
      </div>
    </Page>
  );
}

function Alerts({ patient }: { patient: Patient }) {
  const { t } = useLanguage();
  const alerts = ALERT_FIELDS.filter((name) => patient[name]);
  if (alerts.length === 0) return null;
  return (
    <section
      aria-label={t("patient.alerts")}
      className="mb-5 flex gap-3 rounded-card bg-danger-soft px-5 py-4 text-danger"
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

function RegistryCard({ patient }: { patient: Patient }) {
  const { t } = useLanguage();
  const link = "text-accent-text underline-offset-4 hover:underline";
  return (
    <Card heading={t("patient.registry")}>
      <Facts
        facts={[
          [t("patient.dateOfBirth"), patient.dateOfBirth && formatDate(patient.dateOfBirth)],
          [
            t("patient.taxId"),
            patient.taxId && (
              <>
                {patient.taxId}
                {patient.taxIdWarning && (
                  <span className="block text-sm text-warn">{t("patient.taxIdWarning")}</span>
                )}
              </>
            ),
          ],
          [
            t("patient.phone"),
            patient.phone && (
              <a className={link} href={`tel:${patient.phone.replace(/\s/g, "")}`}>
                {patient.phone}
              </a>
            ),
          ],
          [
            t("patient.email"),
            patient.email && (
              <a className={link} href={`mailto:${patient.email}`}>
                {patient.email}
              </a>
            ),
          ],
          [t("patient.address"), patient.address],
          [t("patient.profession"), patient.profession],
          [t("patient.sportsActivity"), patient.sportsActivity],
          [t("patient.rate"), patient.rate && formatMoney(patient.rate, clinic.currency)],
          [t("patient.notes"), patient.notes],
        ]}
      />
    </Card>
  );
}

function BackgroundCard({ patient }: { patient: Patient }) {
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
