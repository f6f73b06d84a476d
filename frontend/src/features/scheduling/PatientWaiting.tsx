/** What a patient waits for, on the patient's page. */
import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import type { WaitingEntry } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { onDemand } from "@/ui/onDemand";
import { waitingQuery } from "./queries";
import { WaitingRow } from "./WaitingRow";

const WaitingDialog = onDemand(async () => (await import("./WaitingDialog")).WaitingDialog);

export function PatientWaiting({ patientId }: { patientId: string }) {
  const { t } = useLanguage();
  const [opened, setOpened] = useState<WaitingEntry | null>(null);
  const entries = useQuery(waitingQuery({ status: "waiting", page: 1, patientId })).data?.member ?? [];
  if (entries.length === 0) return null;
  return (
    <section className="mt-3">
      <h3 className="mb-1 text-sm text-soft">{t("waiting.heading")}</h3>
      <ul className="divide-y divide-line">
        {entries.map((entry) => (
          <WaitingRow key={entry.id} entry={entry} onEdit={() => setOpened(entry)} isOfPage />
        ))}
      </ul>
      <Suspense>{opened && <WaitingDialog entry={opened} onClose={() => setOpened(null)} />}</Suspense>
    </section>
  );
}
