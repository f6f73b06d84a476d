/** /invoices/drafts — what was begun and not yet issued. */
import { createFileRoute } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { DraftList } from "@/features/billing/DraftList";
import { onlyFor } from "../../../../allowed";
import { pageNumber } from "../../../../searchParams";

export const Route = createFileRoute("/_staff/invoices/drafts/")({
  validateSearch: pageNumber,
  beforeLoad: onlyFor(mayBill),
  component: function DraftsRoute() {
    const navigate = Route.useNavigate();
    const { page = 1 } = Route.useSearch();
    return <DraftList page={page} onPage={(next) => navigate({ search: next > 1 ? { page: next } : {} })} />;
  },
});
