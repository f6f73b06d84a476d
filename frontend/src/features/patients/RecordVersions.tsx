/** A record's history: who wrote each version, why, and what it changed. */
import { useQuery } from "@tanstack/react-query";
import { clinic } from "@/api/clinic";
import { failureOf } from "@/api/problemText";
import type { ClinicalRecord } from "@/api/types";
import { formatDate, formatDateTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { FailureNotice } from "@/ui/FailureNotice";
import { Skeleton } from "@/ui/surface";
import { versionsQuery } from "./queries";
import { RecordTexts } from "./RecordTexts";
import { differingTexts } from "./recordFields";
import { diffTexts } from "./textDiff";

export function RecordVersions({ record }: { record: ClinicalRecord }) {
  const { t } = useLanguage();
  const versions = useQuery(versionsQuery(record.patientId, record.id));
  if (versions.isError)
    return <FailureNotice failure={failureOf(versions.error)} onRetry={versions.refetch} />;
  if (!versions.data) return <Skeleton className="h-24" />;
  return (
    <ol
      aria-label={t("record.versions", { number: record.number })}
      className="mt-2 grid gap-4 rounded-field bg-sunken/60 p-4"
    >
      {versions.data.map((version, place) => (
        <Version key={version.id} version={version} before={versions.data[place + 1]} />
      ))}
    </ol>
  );
}

interface VersionProps {
  version: ClinicalRecord;
  /** Absent for what was written first. */
  before: ClinicalRecord | undefined;
}

function Version({ version, before }: VersionProps) {
  const { t } = useLanguage();
  return (
    <li className="wrap-anywhere">
      <p>
        <span className="font-medium">{t("record.version", { revision: version.revision })}</span>{" "}
        <span className="text-sm text-soft">
          {version.authorName} · {formatDateTime(version.createdAt, clinic.timezone)}
        </span>
      </p>
      {version.correctionReason && (
        <p>
          <span className="text-sm text-soft">{t("record.reason")}: </span>
          {version.correctionReason}
        </p>
      )}
      {before && <Differences before={before} after={version} />}
      <details className="mt-1">
        <summary className="min-h-9 cursor-pointer content-center text-sm text-accent-text">
          {t("record.version.whole")}
        </summary>
        <RecordTexts record={version} />
      </details>
    </li>
  );
}

function Differences({ before, after }: { before: ClinicalRecord; after: ClinicalRecord }) {
  const { t } = useLanguage();
  const leave = (record: ClinicalRecord) => t(record.sickLeave ? "answer.yes" : "answer.no");
  return (
    <dl className="mt-2 grid gap-2">
      {before.date !== after.date && (
        <Difference
          label={t("record.date")}
          before={formatDate(before.date)}
          after={formatDate(after.date)}
        />
      )}
      {differingTexts(before, after).map((name) => (
        <Difference
          key={name}
          label={t(`record.${name}`)}
          before={before[name] ?? ""}
          after={after[name] ?? ""}
        />
      ))}
      {before.sickLeave !== after.sickLeave && (
        <Difference label={t("record.sickLeave")} before={leave(before)} after={leave(after)} />
      )}
    </dl>
  );
}

function Difference({ label, before, after }: { label: string; before: string; after: string }) {
  const { start, removed, added, end } = diffTexts(before, after);
  return (
    <div>
      <dt className="text-sm text-soft">{label}</dt>
      <dd className="whitespace-pre-line">
        {start}
        {removed && <del className="rounded-sm bg-danger-soft px-0.5 text-danger">{removed}</del>}
        {added && <ins className="rounded-sm bg-ok-soft px-0.5 text-ok no-underline">{added}</ins>}
        {end}
      </dd>
    </div>
  );
}
