/** "Who opened my file": every reading of one patient's clinical data, to be printed for the patient. */
import { useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { clinic } from "@/api/clinic";
import { failureOf } from "@/api/problemText";
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
          <p className="mb-4">{t("accesses.who.text", { count: accesses.data.length })}</p>
          <table className="w-full text-left">
            <thead className="text-sm text-soft">
              <tr className="border-b border-line">
                <th className="py-2 pr-4 font-medium">{t("accesses.when")}</th>
                <th className="py-2 pr-4 font-medium">{t("accesses.actor")}</th>
                <th className="py-2 font-medium">{t("accesses.what")}</th>
              </tr>
            </thead>
            <tbody>
              {accesses.data.map((access) => (
                <tr key={access.id} className="break-inside-avoid border-b border-line last:border-0">
                  <td className="py-2 pr-4 tabular-nums">
                    {formatDateTime(access.occurredAt, clinic.timezone)}
                  </td>
                  <td className="py-2 pr-4 wrap-anywhere">{access.actorName}</td>
                  <td className="py-2 wrap-anywhere">{t(`accesses.what.${access.what}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </article>
      )}
    </Page>
  );
}
