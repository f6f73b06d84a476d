/** Who changed what in a patient's card lately, for admins. */
import { useQuery } from "@tanstack/react-query";
import { clinic } from "@/api/clinic";
import { failureOf } from "@/api/problemText";
import type { AuditEntry } from "@/api/types";
import { formatDateTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { FailureNotice } from "@/ui/FailureNotice";
import { Card, Skeleton } from "@/ui/surface";
import { CLINICAL_FIELDS, REGISTRY_FIELDS } from "./patientFields";
import { changesQuery } from "./queries";

const FIELDS = [...REGISTRY_FIELDS, ...CLINICAL_FIELDS, "status"] as const;

export function LastChanges({ patientId }: { patientId: string }) {
  const { t } = useLanguage();
  const changes = useQuery(changesQuery(patientId));
  return (
    <Card heading={t("changes.heading")}>
      {changes.isPending && <Skeleton className="h-20" />}
      {changes.isError && <FailureNotice failure={failureOf(changes.error)} onRetry={changes.refetch} />}
      {changes.data?.length === 0 && <p className="text-soft">{t("changes.empty")}</p>}
      <ol className="grid gap-3">
        {changes.data?.map((entry) => (
          <Change key={entry.id} entry={entry} />
        ))}
      </ol>
    </Card>
  );
}

function Change({ entry }: { entry: AuditEntry }) {
  const { t } = useLanguage();
  const changed = entry.operation === "updated" ? FIELDS.filter((name) => name in entry.changes) : [];
  const label = (name: (typeof FIELDS)[number]) =>
    t(name === "status" ? "patients.status" : `patient.${name}`);
  return (
    <li className="wrap-anywhere">
      <p className="text-sm text-soft">
        {entry.actorName ?? t("changes.system")} · {formatDateTime(entry.occurredAt, clinic.timezone)}
      </p>
      {changed.length === 0 ? (
        <p>{t(`changes.${entry.operation}`)}</p>
      ) : (
        <details>
          <summary className="cursor-pointer">{changed.map(label).join(", ")}</summary>
          <dl className="mt-1 grid gap-1 text-sm">
            {changed.map((name) => (
              <div key={name}>
                <dt className="inline text-soft">{label(name)}: </dt>
                <dd className="inline">{entry.changes[name]?.map((value) => value || "–").join(" → ")}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}
