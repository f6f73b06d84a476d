/** /invoices/new — for a patient, everything known is carried over. */
import { createFileRoute, useRouter } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { InvoiceEditor } from "@/features/billing/InvoiceEditor";
import { prefillQuery } from "@/features/billing/queries";
import { useLanguage } from "@/i18n/language";
import { Page } from "@/ui/Page";
import { onlyFor } from "../../../allowed";
import { ID, matching } from "../../../searchParams";

export const Route = createFileRoute("/_staff/invoices/new")({
  validateSearch: (search: Record<string, unknown>) => matching(search, "patient", ID),
  beforeLoad: onlyFor(mayBill),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    deps.patient ? context.queryClient.fetchQuery(prefillQuery(deps.patient)) : null,
  component: function NewInvoiceRoute() {
    const { t } = useLanguage();
    const { history } = useRouter();
    const navigate = Route.useNavigate();
    const prefill = Route.useLoaderData();
    return (
      <Page heading={t("invoices.new")}>
        <InvoiceEditor
          key={prefill?.patientId}
          prefill={prefill}
          onCancel={() => history.back()}
          onIssued={({ id }) =>
            navigate({ to: "/invoices/$invoiceId", params: { invoiceId: id }, replace: true })
          }
        />
      </Page>
    );
  },
});
