/** Who changed what in a patient's card lately, for admins. */
import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useState } from "react";
import { clinic } from "@/api/clinic";
import { failureOf } from "@/api/problemText";
import type { AuditEntry, Patient } from "@/api/types";
import { formatDateTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Card, Skeleton } from "@/ui/surface";
import { CLINICAL_FIELDS, REGISTRY_FIELDS } from "./patientFields";
import { changesQuery } from "./queries";

const FIELDS = [...REGISTRY_FIELDS, ...CLINICAL_FIELDS, "status"] as const;

export function LastChanges({ patientId }: { patientId: string }) {
  const { t } = useLanguage();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Card heading={t("changes.heading")}>
      {isOpen ? (
        <Changes patientId={patientId} />
      ) : (
        <Button onClick={() => setIsOpen(true)} className="w-full justify-start">
          <History aria-hidden className="size-5 text-accent-text" />
          {t("changes.show")}
        </Button>
      )}
    </Card>
  );
}

/** Read only when asked for: it names clinical fields, so reading it stands in the access log. */
function Changes({ patientId }: { patientId: string }) {
  const { t } = useLanguage();
  const changes = useQuery(changesQuery(patientId));
  if (changes.isError) return <FailureNotice failure={failureOf(changes.error)} onRetry={changes.refetch} />;
  if (!changes.data) return <Skeleton className="h-20" />;
  if (changes.data.length === 0) return <p className="text-soft">{t("changes.empty")}</p>;
  return (
    <ol className="grid gap-3">
      {changes.data.map((entry) => (
        <Change key={entry.id} entry={entry} />
      ))}
    </ol>
  );
}

function Change({ entry }: { entry: AuditEntry }) {
  const { t } = useLanguage();
  const changed = entry.operation === "updated" ? FIELDS.filter((name) => name in entry.changes) : [];
  const label = (name: (typeof FIELDS)[number]) =>
    t(name === "status" ? "patients.status" : `patient.${name}`);
  const shown = (name: (typeof FIELDS)[number], value: unknown) =>
    name === "status" ? t(`patients.status.${value as Patient["status"]}`) : String(value ?? "–");
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
                <dd className="inline">
                  {entry.changes[name]?.map((value) => shown(name, value)).join(" → ")}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}
