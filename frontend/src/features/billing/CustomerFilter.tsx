/** Narrows the invoices to those of one customer. */
import { useQuery } from "@tanstack/react-query";
import { useLanguage } from "@/i18n/language";
import { SearchPicker } from "@/ui/SearchPicker";
import { findCustomers } from "./findCustomers";
import { customerQuery } from "./queries";

interface CustomerFilterProps {
  customerId: string | undefined;
  onChange: (customerId: string | undefined) => void;
}

export function CustomerFilter({ customerId, onChange }: CustomerFilterProps) {
  const { t } = useLanguage();
  const chosen = useQuery({ ...customerQuery(customerId ?? ""), enabled: customerId !== undefined }).data;
  return (
    <SearchPicker
      key={customerId}
      label={t("invoice.customer")}
      value={customerId && chosen ? { id: customerId, label: chosen.fullName } : null}
      onChange={(pick) => onChange(pick?.id)}
      searchKey="customers"
      search={findCustomers}
      texts={{
        placeholder: t("customer.pick.placeholder"),
        nothing: t("customers.nothingFound"),
        clear: t("customer.pick.clear"),
      }}
    />
  );
}
