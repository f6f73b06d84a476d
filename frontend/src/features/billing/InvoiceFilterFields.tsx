/** The fields that narrow the list of invoices; on a phone they open when asked for. */
import { SlidersHorizontal } from "lucide-react";
import { Suspense, useState } from "react";
import { clinic } from "@/api/clinic";
import { toWallTime } from "@/i18n/clinicTime";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Select, TextField } from "@/ui/Field";
import { onDemand } from "@/ui/onDemand";
import type { InvoiceListState } from "./invoiceListState";
import { PAYMENT_STATES } from "./PaymentBadge";

const CustomerFilter = onDemand(async () => (await import("./CustomerFilter")).CustomerFilter);

interface InvoiceFilterFieldsProps {
  state: InvoiceListState;
  onChange: (change: Partial<InvoiceListState>) => void;
}

const YEARS_OFFERED = 6;
const BETWEEN = "between";

export const thisYear = (): number => Number(toWallTime(new Date(), clinic.timezone).date.slice(0, 4));
export const yearsOffered = (): number[] =>
  Array.from({ length: YEARS_OFFERED }, (_, ago) => thisYear() - ago);

export function InvoiceFilterFields({ state, onChange }: InvoiceFilterFieldsProps) {
  const { t } = useLanguage();
  const [isOpen, setIsOpen] = useState(false);
  const [choosesDates, setChoosesDates] = useState(false);
  const { status, year, from, to, series, customer, order = "date" } = state;
  const isBetween = choosesDates || from !== undefined || to !== undefined;
  const given = [status, year ?? from ?? to, series, customer].filter((value) => value !== undefined).length;

  const choosePeriod = (period: string) => {
    setChoosesDates(period === BETWEEN);
    onChange({ from: undefined, to: undefined, year: Number(period) || undefined });
  };

  return (
    <div className="mb-4">
      <Button aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)} className="w-full md:hidden">
        <SlidersHorizontal aria-hidden className="size-5" />
        {t("invoices.filters", { count: given })}
      </Button>
      <div
        className={classes(
          "grid gap-3 items-end max-md:mt-3 max-md:grid-cols-2 md:grid-cols-3 lg:grid-cols-[repeat(3,minmax(0,1fr))_minmax(0,1.4fr)_minmax(0,1fr)]",
          !isOpen && "max-md:hidden",
        )}
      >
        <Select
          label={t("invoice.state")}
          value={status ?? ""}
          onChange={(event) => onChange({ status: (event.target.value || undefined) as typeof status })}
        >
          <option value="">{t("invoices.state.all")}</option>
          <option value="open">{t("invoices.state.open")}</option>
          {PAYMENT_STATES.map((state) => (
            <option key={state} value={state}>
              {t(`invoice.state.${state}`)}
            </option>
          ))}
        </Select>
        <Select
          label={t("invoices.year")}
          value={isBetween ? BETWEEN : (year ?? "")}
          onChange={(event) => choosePeriod(event.target.value)}
        >
          <option value="">{t("invoices.year.all")}</option>
          {yearsOffered().map((offered) => (
            <option key={offered} value={offered}>
              {offered}
            </option>
          ))}
          <option value={BETWEEN}>{t("invoices.year.between")}</option>
        </Select>
        <Select
          label={t("invoice.series")}
          value={series ?? ""}
          onChange={(event) => onChange({ series: (event.target.value || undefined) as typeof series })}
        >
          <option value="">{t("invoice.series.all")}</option>
          <option value="F">{t("invoice.series.F")}</option>
          <option value="R">{t("invoice.series.R")}</option>
        </Select>
        <Suspense fallback={<div className="h-[4.375rem]" />}>
          <CustomerFilter customerId={customer} onChange={(id) => onChange({ customer: id })} />
        </Suspense>
        <Select
          label={t("list.order")}
          value={order}
          onChange={(event) => {
            const chosen = event.target.value;
            onChange({ order: chosen === "date" ? undefined : (chosen as "number" | "amount") });
          }}
        >
          <option value="date">{t("invoices.order.date")}</option>
          <option value="number">{t("invoices.order.number")}</option>
          <option value="amount">{t("invoices.order.amount")}</option>
        </Select>
        {isBetween && (
          <>
            <TextField
              label={t("accesses.from")}
              type="date"
              value={from ?? ""}
              max={to}
              onChange={(event) => onChange({ from: event.target.value || undefined })}
            />
            <TextField
              label={t("accesses.to")}
              type="date"
              value={to ?? ""}
              min={from}
              onChange={(event) => onChange({ to: event.target.value || undefined })}
            />
          </>
        )}
      </div>
    </div>
  );
}
