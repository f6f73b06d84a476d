/** /invoices/new — for a patient or customer, everything known is carried over. */
import { createFileRoute, useRouter } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { InvoiceEditor } from "@/features/billing/InvoiceEditor";
import { prefillQuery } from "@/features/billing/queries";
import { useLanguage } from "@/i18n/language";
import { Page } from "@/ui/Page";
import { onlyFor } from "../../../allowed";
import { ID, matching } from "../../../searchParams";

interface NewInvoiceSearch {
  patient?: string;
  customer?: string;
  /** Begins with a pack of sessions. */
  pack?: boolean;
}

export const Route = createFileRoute("/_staff/invoices/new")({
  validateSearch: (search: Record<string, unknown>): NewInvoiceSearch => ({
    ...matching(search, "patient", ID),
    ...matching(search, "customer", ID),
    ...(search.pack === true && { pack: true }),
  }),
  beforeLoad: onlyFor(mayBill),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps: { patient, customer } }) => {
    const whom = patient ? { patientId: patient } : customer ? { customerId: customer } : null;
    return whom && context.queryClient.fetchQuery({ ...prefillQuery(whom), staleTime: 0 });
  },
  component: function NewInvoiceRoute() {
    const { t } = useLanguage();
    const { history } = useRouter();
    const navigate = Route.useNavigate();
    const { patient, customer, pack = false } = Route.useSearch();
    return (
      <Page heading={t("invoices.new")}>
        <InvoiceEditor
          key={patient ?? customer}
          prefill={Route.useLoaderData()}
          sellsPack={pack}
          onCancel={() => history.back()}
          onKept={() => navigate({ to: "/invoices/drafts", replace: true })}
          onIssued={({ id }) =>
            navigate({ to: "/invoices/$invoiceId", params: { invoiceId: id }, replace: true })
          }
        />
      </Page>
    );
  },
});
