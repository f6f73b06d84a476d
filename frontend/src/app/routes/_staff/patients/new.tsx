/** /patients/new — also the detour from a booking, which is continued with the new patient. */
import { createFileRoute, useRouter } from "@tanstack/react-router";
import { PatientEditor } from "@/features/patients/PatientEditor";
import { useLanguage } from "@/i18n/language";
import { Page } from "@/ui/Page";
import { ID, INSTANT, matching } from "../../../searchParams";

export const Route = createFileRoute("/_staff/patients/new")({
  validateSearch: (search: Record<string, unknown>) => ({
    ...matching(search, "book", INSTANT),
    ...matching(search, "practitioner", ID),
  }),
  component: function NewPatientRoute() {
    const { t } = useLanguage();
    const { history } = useRouter();
    const navigate = Route.useNavigate();
    const { book, practitioner } = Route.useSearch();
    const goOnBooking = (patient: string) =>
      navigate({ to: "/calendar", search: { patient, at: book, practitioner, date: book?.slice(0, 10) } });
    return (
      <Page heading={t("patients.new")}>
        <PatientEditor
          patient={null}
          onCancel={() => history.back()}
          onSaved={({ id }) =>
            book
              ? goOnBooking(id)
              : navigate({ to: "/patients/$patientId", params: { patientId: id }, replace: true })
          }
          {...(book && { onKnown: goOnBooking })}
        />
      </Page>
    );
  },
});
