/** "Who opened my file": every reading of one patient's clinical data, to be printed for the patient. */
import { useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { clinic } from "@/api/clinic";
import { failureOf } from "@/api/problemText";
import type { Access } from "@/api/types";
import { formatDateTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/surface";
import { BackToPatient } from "./BackToPatient";
import { PaperHead } from "./PaperHead";
import { everyAccessQuery, patientQuery } from "./queries";

export function PatientAccesses({ patientId }: { patientId: string }) {
  const { t } = useLanguage();
  const patient = useQuery(patientQuery(patientId));
  const accesses = useQuery(everyAccessQuery(patientId));
  const visits = visitsOf(accesses.data ?? []);
  const failed = [patient, accesses].find((query) => query.isError);
  return (
    <Page
      heading={t("accesses.who")}
      above={<BackToPatient patientId={patientId} />}
      beside={<p className="text-soft">{patient.data?.fullName}</p>}
      actions={
        accesses.data && (
          <Button look="primary" onClick={() => window.print()} className="max-md:flex-1">
            <Printer aria-hidden className="size-5" />
            {t("action.print")}
          </Button>
        )
      }
    >
      {failed && <FailureNotice urgent failure={failureOf(failed.error)} onRetry={failed.refetch} />}
      {!failed && !(patient.data && accesses.data) && <Skeleton className="h-96" />}
      {patient.data && accesses.data && (
        <article className="paper card p-5 md:p-8">
          <PaperHead patient={patient.data} title={t("accesses.who")} />
          <p className="mb-4">{t("accesses.who.text", { count: visits.length })}</p>
          <table className="w-full text-left max-md:text-sm">
            <thead className="text-sm text-soft">
              <tr className="border-b border-line">
                <th className="py-2 pr-4 font-medium">{t("accesses.when")}</th>
                <th className="py-2 pr-4 font-medium">{t("accesses.actor")}</th>
                <th className="py-2 font-medium">{t("accesses.what")}</th>
              </tr>
            </thead>
            <tbody>
              {visits.map(({ id, when, who, what }) => (
                <tr key={id} className="break-inside-avoid border-b border-line align-top last:border-0">
                  <td className="py-2 pr-4 tabular-nums">{when}</td>
                  <td className="py-2 pr-4">{who}</td>
                  <td className="py-2">
                    {[...what].map((opened) => t(`accesses.what.${opened}`)).join(", ")}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </article>
      )}
    </Page>
  );
}

interface Visit {
  id: string;
  when: string;
  who: string;
  what: Set<Access["what"]>;
}

/** One person looking at several parts of the file within a minute opened it once. */
function visitsOf(accesses: Access[]): Visit[] {
  const visits: Visit[] = [];
  for (const { id, occurredAt, actorName: who, what } of accesses) {
    const when = formatDateTime(occurredAt, clinic.timezone);
    const same = visits.at(-1);
    if (same?.when === when && same.who === who) same.what.add(what);
    else visits.push({ id, when, who, what: new Set([what]) });
  }
  return visits;
}
