/** /patients/{id}/records/new — writes the session's record; with `carry` it begins from the newest one. */
import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { mayReadClinical } from "@/api/me";
import { MedicalAlerts } from "@/features/patients/MedicalAlerts";
import { newestRecordQuery, patientQuery } from "@/features/patients/queries";
import { RecordEditor } from "@/features/patients/RecordEditor";
import { useLanguage } from "@/i18n/language";
import { Page } from "@/ui/Page";
import { onlyFor, READ_WHEN_OPENED } from "../../../../../allowed";

export const Route = createFileRoute("/_staff/patients/$patientId/records/new")({
  validateSearch: (search: Record<string, unknown>): { carry?: true } =>
    search.carry === true ? { carry: true } : {},
  beforeLoad: onlyFor(mayReadClinical),
  ...READ_WHEN_OPENED,
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => {
    void context.queryClient.prefetchQuery(patientQuery(params.patientId));
    const newest = { ...newestRecordQuery(params.patientId), staleTime: 0 };
    return deps.carry ? context.queryClient.fetchQuery(newest) : null;
  },
  component: function NewRecordRoute() {
    const { t } = useLanguage();
    const navigate = Route.useNavigate();
    const { patientId } = Route.useParams();
    const base = Route.useLoaderData();
    const patient = useQuery(patientQuery(patientId)).data;
    const open = () => navigate({ to: "/patients/$patientId", params: { patientId }, replace: true });
    return (
      <Page
        heading={t(base ? "record.form.carried" : "record.form.new")}
        beside={<p className="text-soft">{patient?.fullName}</p>}
      >
        {patient && <MedicalAlerts patient={patient} />}
        <RecordEditor
          key={base?.id}
          patientId={patientId}
          start={base ? { kind: "carried", base } : { kind: "new", base }}
          onSaved={open}
          onCancel={open}
        />
      </Page>
    );
  },
});
