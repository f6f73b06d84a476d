/** The screens of billing, side by side above each of them. */
import { Link, type LinkProps } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { type MessageKey, useLanguage } from "@/i18n/language";

const TABS: { to: LinkProps["to"]; label: MessageKey; exact?: boolean }[] = [
  { to: "/invoices", label: "invoices.heading", exact: true },
  { to: "/invoices/drafts", label: "drafts.heading" },
  { to: "/customers", label: "customers.heading" },
  { to: "/invoices/gaps", label: "gaps.heading" },
];

export function BillingTabs() {
  const { t } = useLanguage();
  const tabs = useRef<HTMLElement>(null);
  // On a phone they do not all fit: the one that is shown is in sight.
  useEffect(() => {
    const current = tabs.current?.querySelector("[aria-current=page]");
    current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, []);
  return (
    <nav
      ref={tabs}
      aria-label={t("billing.navigation")}
      className="-mx-4 mb-5 flex overflow-x-auto border-b border-line px-4 md:-mx-8 md:px-8 print:hidden"
    >
      {TABS.map(({ to, label, exact = false }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact, includeSearch: false }}
          className="-mb-px flex min-h-11 items-center border-b-2 border-transparent px-3 font-medium whitespace-nowrap text-soft transition-colors -outline-offset-2 hover:text-ink aria-[current=page]:border-accent-text aria-[current=page]:text-accent-text"
        >
          {t(label)}
        </Link>
      ))}
    </nav>
  );
}
