/** /invoices/drafts/{id} — goes on with a draft; one that was issued meanwhile is shown as the invoice it became. */
import { createFileRoute, redirect } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { asProblem } from "@/api/problem";
import { InvoiceEditor } from "@/features/billing/InvoiceEditor";
import { draftQuery, invoiceQuery } from "@/features/billing/queries";
import { useLanguage } from "@/i18n/language";
import { Page } from "@/ui/Page";
import { onlyFor } from "../../../../allowed";

export const Route = createFileRoute("/_staff/invoices/drafts/$draftId")({
  beforeLoad: onlyFor(mayBill),
  loader: async ({ context: { queryClient }, params: { draftId } }) => {
    try {
      return await queryClient.fetchQuery({ ...draftQuery(draftId), staleTime: 0 });
    } catch (error) {
      if (asProblem(error).status !== 404) throw error;
      await queryClient.fetchQuery(invoiceQuery(draftId));
      throw redirect({ to: "/invoices/$invoiceId", params: { invoiceId: draftId } });
    }
  },
  component: function DraftRoute() {
    const { t } = useLanguage();
    const navigate = Route.useNavigate();
    const draft = Route.useLoaderData();
    const leave = () => navigate({ to: "/invoices/drafts", replace: true });
    return (
      <Page heading={t("drafts.edit")}>
        <InvoiceEditor
          key={draft.id}
          stored={draft}
          onCancel={leave}
          onKept={leave}
          onIssued={({ id }) =>
            navigate({ to: "/invoices/$invoiceId", params: { invoiceId: id }, replace: true })
          }
        />
      </Page>
    );
  },
});
