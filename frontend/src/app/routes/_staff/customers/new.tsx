/** /customers/new */
import { createFileRoute, useRouter } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { CustomerEditor } from "@/features/billing/CustomerEditor";
import { useLanguage } from "@/i18n/language";
import { Page } from "@/ui/Page";
import { onlyFor } from "../../../allowed";

export const Route = createFileRoute("/_staff/customers/new")({
  beforeLoad: onlyFor(mayBill),
  component: function NewCustomerRoute() {
    const { t } = useLanguage();
    const { history } = useRouter();
    const navigate = Route.useNavigate();
    return (
      <Page heading={t("customers.new")}>
        <CustomerEditor
          customer={null}
          onCancel={() => history.back()}
          onSaved={({ id }) =>
            navigate({ to: "/customers/$customerId", params: { customerId: id }, replace: true })
          }
        />
      </Page>
    );
  },
});
