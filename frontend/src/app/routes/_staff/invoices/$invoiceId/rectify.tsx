/** /invoices/{id}/rectify — corrects it by another invoice. */
import { createFileRoute, redirect } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { invoiceQuery } from "@/features/billing/queries";
import { RectificationEditor } from "@/features/billing/RectificationEditor";
import { useLanguage } from "@/i18n/language";
import { Page } from "@/ui/Page";
import { onlyFor } from "../../../../allowed";

export const Route = createFileRoute("/_staff/invoices/$invoiceId/rectify")({
  beforeLoad: onlyFor(mayBill),
  loader: async ({ context, params }) => {
    const invoice = await context.queryClient.fetchQuery({ ...invoiceQuery(params.invoiceId), staleTime: 0 });
    const isOpen = invoice.status === "issued" && invoice.kind !== "difference";
    if (!isOpen) throw redirect({ to: "/invoices/$invoiceId", params });
    return invoice;
  },
  component: function RectifyRoute() {
    const { t } = useLanguage();
    const navigate = Route.useNavigate();
    const invoice = Route.useLoaderData();
    const open = (invoiceId: string) =>
      navigate({ to: "/invoices/$invoiceId", params: { invoiceId }, replace: true });
    return (
      <Page heading={t("rectify.heading", { number: invoice.displayNumber })}>
        <RectificationEditor
          invoice={invoice}
          onRectified={({ id }) => open(id)}
          onCancel={() => open(invoice.id)}
        />
      </Page>
    );
  },
});
