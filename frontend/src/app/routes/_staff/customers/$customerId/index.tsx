/** /customers/{id} — who it is and what was invoiced. */
import { createFileRoute } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { CustomerPage } from "@/features/billing/CustomerPage";
import { customerQuery } from "@/features/billing/queries";
import { onlyFor } from "../../../../allowed";

export const Route = createFileRoute("/_staff/customers/$customerId/")({
  beforeLoad: onlyFor(mayBill),
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(customerQuery(params.customerId)),
  component: function CustomerRoute() {
    const { customerId } = Route.useParams();
    const navigate = Route.useNavigate();
    return (
      <CustomerPage
        key={customerId}
        customerId={customerId}
        onOpen={(id) => navigate({ to: "/customers/$customerId", params: { customerId: id }, replace: true })}
        onDeleted={() => navigate({ to: "/customers", replace: true })}
      />
    );
  },
});
