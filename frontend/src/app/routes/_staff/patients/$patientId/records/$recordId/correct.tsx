/** /patients/{id}/records/{id}/correct — always begins from the record's latest version. */
import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { mayReadClinical } from "@/api/me";
import { MedicalAlerts } from "@/features/patients/MedicalAlerts";
import { latestVersionQuery, patientQuery } from "@/features/patients/queries";
import { RecordEditor } from "@/features/patients/RecordEditor";
import { useLanguage } from "@/i18n/language";
import { Page } from "@/ui/Page";
import { onlyFor, READ_WHEN_OPENED } from "../../../../../../allowed";

export const Route = createFileRoute("/_staff/patients/$patientId/records/$recordId/correct")({
  beforeLoad: onlyFor(mayReadClinical),
  ...READ_WHEN_OPENED,
  loader: ({ context, params: { patientId, recordId } }) => {
    void context.queryClient.prefetchQuery(patientQuery(patientId));
    return context.queryClient.fetchQuery({ ...latestVersionQuery(patientId, recordId), staleTime: 0 });
  },
  component: function CorrectRecordRoute() {
    const { t } = useLanguage();
    const navigate = Route.useNavigate();
    const { patientId } = Route.useParams();
    const base = Route.useLoaderData();
    const patient = useQuery(patientQuery(patientId)).data;
    const open = () => navigate({ to: "/patients/$patientId", params: { patientId }, replace: true });
    return (
      <Page heading={t("record.form.correction")} beside={<p className="text-soft">{patient?.fullName}</p>}>
        {patient && <MedicalAlerts patient={patient} />}
        <RecordEditor
          key={base.id}
          patientId={patientId}
          start={{ kind: "correction", base }}
          onSaved={open}
          onCancel={open}
        />
      </Page>
    );
  },
});
