/** /patients/{id}/records/new — writes the session's record. */
import { createFileRoute } from "@tanstack/react-router";
import { RecordEditor } from "@/features/patients/RecordEditor";
import { useLanguage } from "@/i18n/language";
import { Page } from "@/ui/Page";

export const Route = createFileRoute("/_staff/patients/$patientId/records/new")({
  component: function NewRecordRoute() {
    const { t } = useLanguage();
    const navigate = Route.useNavigate();
    const { patientId } = Route.useParams();
    const open = () => navigate({ to: "/patients/$patientId", params: { patientId } });
    return (
      <Page heading={t("records.new")}>
        <RecordEditor patientId={patientId} onSaved={open} onCancel={open} />
      </Page>
    );
  },
});
