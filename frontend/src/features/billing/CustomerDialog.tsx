/** A new customer without leaving the invoice that is being written. */
import type { Customer } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Dialog } from "@/ui/Dialog";
import { CustomerEditor } from "./CustomerEditor";
import { fromTyped } from "./customerForm";
import type { InvoiceForm } from "./invoiceForm";

interface CustomerDialogProps {
  /** What the invoice says of whom it is for. */
  typed: InvoiceForm;
  onSaved: (customer: Customer) => void;
  onClose: () => void;
}

export function CustomerDialog({ typed, onSaved, onClose }: CustomerDialogProps) {
  const { t } = useLanguage();
  return (
    <Dialog open onClose={onClose} heading={t("customers.new")} closeLabel={t("action.close")}>
      <CustomerEditor
        customer={null}
        known={fromTyped(typed)}
        isInDialog
        onSaved={onSaved}
        onCancel={onClose}
      />
    </Dialog>
  );
}
