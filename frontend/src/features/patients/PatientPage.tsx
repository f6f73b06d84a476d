/** One patient: alerts first, then what is next, then the registry data and the history. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArchiveRestore, CalendarPlus, FileText, Pencil } from "lucide-react";
import type { ReactNode } from "react";
import { clinic } from "@/api/clinic";
import { isAdmin, mayBill, mayReadClinical, useMe } from "@/api/me";
import { failureOf } from "@/api/problemText";
import type { Patient } from "@/api/types";
import { toWallTime } from "@/i18n/clinicTime";
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Page } from "@/ui/Page";
import { Badge, Notice, Skeleton } from "@/ui/surface";
import { BackToList } from "./BackToList";
import { DataProtection } from "./DataProtection";
import { LastChanges } from "./LastChanges";
import { MedicalAlerts } from "./MedicalAlerts";
import { BackgroundCard, PhoneLink, RegistryCard } from "./PatientCards";
import { patientQuery } from "./queries";
import { RecordTimeline } from "./RecordTimeline";
import { useStatusChange } from "./useStatusChange";

interface PatientPageProps {
  patientId: string;
  /** What the other contexts know of this patient, given by the application. */
  appointments: (patient: Patient) => ReactNode;
  /** Null for those who may not see them; an erased patient's are only looked at. */
  invoices: ((mayAdd: boolean) => ReactNode) | null;
}

export function PatientPage({ patientId, appointments, invoices }: PatientPageProps) {
  const { t } = useLanguage();
  const me = useMe();
  const found = useQuery(patientQuery(patientId));
  const patient = found.data;
  if (!patient) {
    return (
      <Page heading={t("patient.heading")} above={<BackToList />}>
        {found.isError ? (
          <FailureNotice urgent failure={failureOf(found.error)} onRetry={found.refetch} />
        ) : (
          <div className="grid gap-5 lg:grid-cols-3">
            <Skeleton className="h-96 lg:col-span-2" />
            <Skeleton className="h-96" />
          </div>
        )}
      </Page>
    );
  }
  const isOpen = patient.erasedAt === null;
  return (
    <Page
      heading={patient.fullName}
      title={t("patient.heading")}
      above={<BackToList />}
      beside={
        <span className="flex flex-wrap items-center gap-2">
          <Badge>{t("patient.number", { number: patient.number })}</Badge>
          {isOpen && patient.status === "inactive" && (
            <Badge tone="warn">{t("patients.status.inactive")}</Badge>
          )}
          {!isOpen && <Badge tone="danger">{t("patient.erased")}</Badge>}
          {patient.phone && (
            <PhoneLink phone={patient.phone} className="inline-flex min-h-11 items-center lg:hidden" />
          )}
        </span>
      }
      actions={isOpen && <Actions patient={patient} />}
    >
      {patient.erasedAt && <ErasedNotice erasedAt={patient.erasedAt} />}
      {isOpen && patient.status === "inactive" && <InactiveNotice patient={patient} />}
      <MedicalAlerts patient={patient} />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-5">
          {isOpen && appointments(patient)}
          {mayReadClinical(me) && <RecordTimeline patientId={patient.id} mayWrite={isOpen} />}
          {invoices?.(isOpen)}
        </div>
        <div className="grid min-w-0 gap-5">
          <RegistryCard patient={patient} />
          {isOpen && mayReadClinical(me) && <BackgroundCard patient={patient} />}
          {isAdmin(me) && <DataProtection patient={patient} />}
          {isAdmin(me) && <LastChanges patientId={patient.id} />}
        </div>
      </div>
    </Page>
  );
}

function Actions({ patient }: { patient: Patient }) {
  const { t } = useLanguage();
  const me = useMe();
  return (
    <>
      {patient.status === "active" && (
        <Link
          to="/calendar"
          search={{ patient: patient.id }}
          className={buttonLook("primary", "max-md:flex-1")}
        >
          <CalendarPlus aria-hidden className="size-5" />
          {t("appointment.book")}
        </Link>
      )}
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
  );
}

function InactiveNotice({ patient }: { patient: Patient }) {
  const { t } = useLanguage();
  const change = useStatusChange();
  return (
    <Notice
      tone="warn"
      className="mb-5"
      heading={t("patient.inactive")}
      actions={
        <Button busy={change.isPending} onClick={() => change.mutate({ patient })}>
          <ArchiveRestore aria-hidden className="size-5" />
          {t("patient.reactivate")}
        </Button>
      }
    >
      {t("patient.inactive.text")}
    </Notice>
  );
}

function ErasedNotice({ erasedAt }: { erasedAt: string }) {
  const { t } = useLanguage();
  const { date } = toWallTime(erasedAt, clinic.timezone);
  return (
    <Notice tone="danger" className="mb-5" heading={t("patient.erased.on", { date: formatDate(date) })}>
      {t("patient.erased.text")}
    </Notice>
  );
}
