/** The way back to the invoices, as they were left. */
import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { useLanguage } from "@/i18n/language";
import { buttonLook } from "@/ui/Button";
import { ABOVE } from "@/ui/Page";
import { addressOf, leftInvoices } from "./invoiceListState";

export function BackToInvoices() {
  const { t } = useLanguage();
  const left = leftInvoices();
  return (
    <Link
      to="/invoices"
      search={left ? addressOf(left) : {}}
      state={(previous) => ({ ...previous, ...(left?.search && { search: left.search }) })}
      className={buttonLook("plain", ABOVE)}
    >
      <ChevronLeft aria-hidden className="size-4" />
      {t("invoices.heading")}
    </Link>
  );
}
