/** /patients/{id} — the patients' page with what scheduling and billing know of the person. */
import { createFileRoute } from "@tanstack/react-router";
import { mayBill, useMe } from "@/api/me";
import { PatientInvoices } from "@/features/billing/PatientInvoices";
import { PatientPacks } from "@/features/billing/PatientPacks";
import { PatientPage } from "@/features/patients/PatientPage";
import { patientQuery } from "@/features/patients/queries";
import { PatientAppointments } from "@/features/scheduling/PatientAppointments";
import { READ_WHEN_OPENED } from "../../../../allowed";

export const Route = createFileRoute("/_staff/patients/$patientId/")({
  ...READ_WHEN_OPENED,
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(patientQuery(params.patientId)),
  component: function PatientRoute() {
    const { patientId } = Route.useParams();
    const me = useMe();
    return (
      <PatientPage
        key={patientId}
        patientId={patientId}
        appointments={({ id, fullName, status }) => (
          <PatientAppointments patient={{ id, label: fullName }} mayBook={status === "active"} />
        )}
        invoices={
          mayBill(me)
            ? (mayAdd) => (
                <>
                  <PatientPacks patientId={patientId} mayAdd={mayAdd} />
                  <PatientInvoices patientId={patientId} mayAdd={mayAdd} />
                </>
              )
            : null
        }
      />
    );
  },
});
