/** /patients/{id}/access-log — who opened this patient's file, to be printed for the patient. */
import { createFileRoute } from "@tanstack/react-router";
import { isAdmin } from "@/api/me";
import { PatientAccesses } from "@/features/patients/PatientAccesses";
import { onlyFor } from "../../../../allowed";

export const Route = createFileRoute("/_staff/patients/$patientId/access-log")({
  beforeLoad: onlyFor(isAdmin),
  component: function PatientAccessesRoute() {
    const { patientId } = Route.useParams();
    return <PatientAccesses patientId={patientId} />;
  },
});
