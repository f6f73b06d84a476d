/** /invoices/{id} — one issued invoice. */
import { createFileRoute } from "@tanstack/react-router";
import { mayBill } from "@/api/me";
import { InvoicePage } from "@/features/billing/InvoicePage";
import { invoiceQuery } from "@/features/billing/queries";
import { onlyFor } from "../../../../allowed";

export const Route = createFileRoute("/_staff/invoices/$invoiceId/")({
  beforeLoad: onlyFor(mayBill),
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(invoiceQuery(params.invoiceId)),
  component: function InvoiceRoute() {
    const { invoiceId } = Route.useParams();
    return <InvoicePage key={invoiceId} invoiceId={invoiceId} />;
  },
});
