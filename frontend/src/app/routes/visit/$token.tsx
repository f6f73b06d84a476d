/** /visit/{token} — the link in a reminder; for patients, without a sign-in. */
import { createFileRoute } from "@tanstack/react-router";
import { VisitPage } from "@/features/scheduling/VisitPage";

export const Route = createFileRoute("/visit/$token")({
  component: function VisitRoute() {
    const { token } = Route.useParams();
    return <VisitPage key={token} token={token} />;
  },
});
