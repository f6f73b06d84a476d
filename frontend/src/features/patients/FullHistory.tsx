/** A patient's whole clinical history from the first record on, made for paper too. */
import { useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { clinic } from "@/api/clinic";
import { failureOf } from "@/api/problemText";
import type { ClinicalRecord, Patient } from "@/api/types";
import { formatDate, formatDateTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Page } from "@/ui/Page";
import { Badge, Skeleton } from "@/ui/surface";
import { BackToPatient } from "./BackToPatient";
import { PaperHead } from "./PaperHead";
import { CLINICAL_FIELDS } from "./patientFields";
import { everyRecordQuery, patientQuery } from "./queries";
import { RecordTexts } from "./RecordTexts";

export function FullHistory({ patientId }: { patientId: string }) {
  const { t } = useLanguage();
  const patient = useQuery(patientQuery(patientId));
  const records = useQuery(everyRecordQuery(patientId));
  const failed = [patient, records].find((query) => query.isError);
  return (
    <Page
      heading={t("history.heading")}
      above={<BackToPatient patientId={patientId} />}
      beside={<p className="text-soft">{patient.data?.fullName}</p>}
      actions={
        records.data && (
          <Button look="primary" onClick={() => window.print()} className="max-md:flex-1">
            <Printer aria-hidden className="size-5" />
            {t("action.print")}
          </Button>
        )
      }
    >
      {failed && <FailureNotice urgent failure={failureOf(failed.error)} onRetry={failed.refetch} />}
      {!failed && !(patient.data && records.data) && <Skeleton className="h-96" />}
      {patient.data && records.data && (
        <article className="paper card p-5 md:p-8">
          <PaperHead patient={patient.data} title={t("history.heading")} />
          <Background patient={patient.data} />
          {records.data.length === 0 && <p className="text-soft">{t("records.empty")}</p>}
          <ol>
            {records.data.toReversed().map((record) => (
              <HistoryRecord key={record.id} record={record} />
            ))}
          </ol>
        </article>
      )}
    </Page>
  );
}

function Background({ patient }: { patient: Patient }) {
  const { t } = useLanguage();
  const known = CLINICAL_FIELDS.filter((name) => patient[name]);
  if (known.length === 0) return null;
  return (
    <section className="mb-6 border-b border-line pb-6">
      <h2 className="mb-2 text-base font-semibold">{t("patient.section.clinical")}</h2>
      <dl className="grid gap-1">
        {known.map((name) => (
          <div key={name} className="wrap-anywhere">
            <dt className="inline font-medium">{t(`patient.${name}`)}: </dt>
            <dd className="inline whitespace-pre-line">{patient[name]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function HistoryRecord({ record }: { record: ClinicalRecord }) {
  const { t } = useLanguage();
  const written = formatDateTime(record.createdAt, clinic.timezone);
  return (
    <li className="border-b border-line py-5 first:pt-0 last:border-0 last:pb-0">
      <div className="break-after-avoid">
        <h2 className="flex flex-wrap items-center gap-x-3 text-base font-semibold">
          {formatDate(record.date)}
          <span className="text-sm font-normal text-soft">
            {t("record.by", { number: record.number, author: record.authorName })}
          </span>
          {record.sickLeave && <Badge tone="warn">{t("record.sickLeave")}</Badge>}
        </h2>
        <p className="text-sm text-soft">
          {record.correctionReason
            ? t("history.version", {
                revision: record.revision,
                time: written,
                reason: record.correctionReason,
              })
            : t("history.written", { time: written })}
        </p>
      </div>
      <RecordTexts record={record} />
    </li>
  );
}
