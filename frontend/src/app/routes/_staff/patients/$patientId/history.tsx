/** /patients/{id}/history — every record in order, for reading at length and for paper. */
import { createFileRoute } from "@tanstack/react-router";
import { mayReadClinical } from "@/api/me";
import { FullHistory } from "@/features/patients/FullHistory";
import { everyRecordQuery, patientQuery } from "@/features/patients/queries";
import { onlyFor, READ_WHEN_OPENED } from "../../../../allowed";

export const Route = createFileRoute("/_staff/patients/$patientId/history")({
  beforeLoad: onlyFor(mayReadClinical),
  ...READ_WHEN_OPENED,
  loader: ({ context, params: { patientId } }) => {
    void context.queryClient.prefetchQuery(patientQuery(patientId));
    void context.queryClient.prefetchQuery(everyRecordQuery(patientId));
  },
  component: function HistoryRoute() {
    const { patientId } = Route.useParams();
    return <FullHistory patientId={patientId} />;
  },
});
