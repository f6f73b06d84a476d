/** /customers/{id}/edit — starts from what the server holds now. */
import { createFileRoute } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { CustomerEditor } from "@/features/billing/CustomerEditor";
import { customerQuery } from "@/features/billing/queries";
import { useLanguage } from "@/i18n/language";
import { Page } from "@/ui/Page";
import { onlyFor } from "../../../../allowed";

export const Route = createFileRoute("/_staff/customers/$customerId/edit")({
  beforeLoad: onlyFor(mayBill),
  loader: ({ context, params }) =>
    context.queryClient.fetchQuery({ ...customerQuery(params.customerId), staleTime: 0 }),
  component: function EditCustomerRoute() {
    const { t } = useLanguage();
    const navigate = Route.useNavigate();
    const customer = Route.useLoaderData();
    const open = () =>
      navigate({ to: "/customers/$customerId", params: { customerId: customer.id }, replace: true });
    return (
      <Page heading={t("customer.edit")}>
        <CustomerEditor key={customer.id} customer={customer} onSaved={open} onCancel={open} />
      </Page>
    );
  },
});
