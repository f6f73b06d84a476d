/** Deletes a customer who has no invoices; with invoices it says why not, and what helps. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteCustomer } from "@/api/billing";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import type { Customer } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { customerQuery } from "./queries";

interface DeleteCustomerDialogProps {
  customer: Customer;
  onClose: () => void;
  onMerge: () => void;
  onDeleted: () => void;
}

export function DeleteCustomerDialog({ customer, onClose, onMerge, onDeleted }: DeleteCustomerDialogProps) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const deletion = useMutation({
    mutationFn: () => deleteCustomer(customer.id, customer.version),
    onSuccess: () => {
      said(t("customer.deleted"));
      onDeleted();
      queryClient.removeQueries({ queryKey: customerQuery(customer.id).queryKey });
      void queryClient.invalidateQueries({ queryKey: ["customers", "list"] });
    },
  });
  const refusal = deletion.error && asProblem(deletion.error);
  const hasInvoices = refusal?.code === "customer-has-invoices";
  return (
    <Dialog open onClose={onClose} heading={t("customer.delete")} closeLabel={t("action.close")}>
      <p className="font-medium wrap-anywhere">{customer.fullName}</p>
      <p className="mb-5 text-soft">{t("customer.delete.text")}</p>
      {refusal && (
        <Notice
          tone="danger"
          urgent
          className="mb-5"
          actions={hasInvoices && <Button onClick={onMerge}>{t("merge.open")}</Button>}
        >
          {problemText(refusal)}
        </Notice>
      )}
      <div className="flex flex-wrap gap-3">
        {!hasInvoices && (
          <Button
            look="danger"
            busy={deletion.isPending}
            onClick={() => deletion.mutate()}
            className="max-md:flex-1"
          >
            {t("customer.delete.confirm")}
          </Button>
        )}
        <Button autoFocus onClick={onClose} className="max-md:flex-1">
          {t(hasInvoices ? "action.close" : "action.cancel")}
        </Button>
      </div>
    </Dialog>
  );
}
