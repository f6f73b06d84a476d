/** /patients/{id}/edit — starts from what the server holds now, not from what a list showed before. */
import { createFileRoute, redirect } from "@tanstack/react-router";
import { PatientEditor } from "@/features/patients/PatientEditor";
import { patientQuery } from "@/features/patients/queries";
import { useLanguage } from "@/i18n/language";
import { Page } from "@/ui/Page";
import { READ_WHEN_OPENED } from "../../../../allowed";

export const Route = createFileRoute("/_staff/patients/$patientId/edit")({
  ...READ_WHEN_OPENED,
  loader: async ({ context, params }) => {
    const patient = await context.queryClient.fetchQuery({ ...patientQuery(params.patientId), staleTime: 0 });
    if (patient.erasedAt) throw redirect({ to: "/patients/$patientId", params });
    return patient;
  },
  component: function EditPatientRoute() {
    const { t } = useLanguage();
    const navigate = Route.useNavigate();
    const patient = Route.useLoaderData();
    const open = () =>
      navigate({ to: "/patients/$patientId", params: { patientId: patient.id }, replace: true });
    return (
      <Page heading={t("patient.edit")}>
        <PatientEditor patient={patient} onSaved={open} onCancel={open} />
      </Page>
    );
  },
});
