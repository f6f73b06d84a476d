/** /invoices/{id}/edit — where the clinic lets its admins edit what was issued. */
import { createFileRoute, redirect } from "@tanstack/react-router";
import { isAdmin } from "@/api/me";
import { IssuedEditor } from "@/features/billing/IssuedEditor";
import { invoiceQuery, invoiceSettingsQuery } from "@/features/billing/queries";
import { useLanguage } from "@/i18n/language";
import { Page } from "@/ui/Page";
import { onlyFor } from "../../../../allowed";

export const Route = createFileRoute("/_staff/invoices/$invoiceId/edit")({
  beforeLoad: onlyFor(isAdmin),
  loader: async ({ context, params }) => {
    const [settings, invoice] = await Promise.all([
      context.queryClient.ensureQueryData(invoiceSettingsQuery),
      context.queryClient.fetchQuery({ ...invoiceQuery(params.invoiceId), staleTime: 0 }),
    ]);
    if (!settings.editEnabled || invoice.status === "rectified") {
      throw redirect({ to: "/invoices/$invoiceId", params });
    }
    return invoice;
  },
  component: function EditInvoiceRoute() {
    const { t } = useLanguage();
    const navigate = Route.useNavigate();
    const invoice = Route.useLoaderData();
    const open = () =>
      navigate({ to: "/invoices/$invoiceId", params: { invoiceId: invoice.id }, replace: true });
    return (
      <Page heading={t("invoice.edit.heading", { number: invoice.displayNumber })}>
        <IssuedEditor invoice={invoice} onSaved={open} onCancel={open} />
      </Page>
    );
  },
});
