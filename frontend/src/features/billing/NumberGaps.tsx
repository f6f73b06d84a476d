/** Whether the numbers of a year run without a hole, as the tax office expects. */
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, FileText, TriangleAlert } from "lucide-react";
import { clinic } from "@/api/clinic";
import { failureOf } from "@/api/problemText";
import type { NumberGaps as Gaps, InvoiceSeries } from "@/api/types";
import { formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { FailureNotice } from "@/ui/FailureNotice";
import { Select } from "@/ui/Field";
import { Choice } from "@/ui/ListControls";
import { Page } from "@/ui/Page";
import { Card, EmptyState, Skeleton } from "@/ui/surface";
import { BillingTabs } from "./BillingTabs";
import { thisYear, yearsOffered } from "./InvoiceFilterFields";
import { gapsQuery, invoiceSettingsQuery } from "./queries";

export interface NumberGapsState {
  /** Undefined: this one. */
  year?: number;
  series: InvoiceSeries;
}

interface NumberGapsProps {
  state: NumberGapsState;
  onChange: (change: Partial<NumberGapsState>) => void;
}

export function NumberGaps({ state, onChange }: NumberGapsProps) {
  const { t } = useLanguage();
  const year = state.year ?? thisYear();
  const gaps = useQuery(gapsQuery(state.series, year));
  return (
    <Page heading={t("gaps.heading")}>
      <BillingTabs />
      <div className="mb-4 flex flex-wrap gap-3">
        <Select
          label={t("invoices.year")}
          hideLabel
          className="basis-32"
          value={year}
          onChange={(event) => onChange({ year: Number(event.target.value) })}
        >
          {[...new Set([...yearsOffered(), year])].map((offered) => (
            <option key={offered} value={offered}>
              {offered}
            </option>
          ))}
        </Select>
        <Choice
          label={t("invoice.series")}
          value={state.series}
          onChange={(series) => onChange({ series })}
          options={[
            { value: "F", label: t("invoice.series.F") },
            { value: "R", label: t("invoice.series.R") },
          ]}
        />
      </div>
      {gaps.isError && !gaps.data && (
        <FailureNotice urgent failure={failureOf(gaps.error)} onRetry={gaps.refetch} />
      )}
      {gaps.isPending && <Skeleton className="h-64" />}
      {gaps.data && (
        <div className={classes("transition-opacity", gaps.isPlaceholderData && "opacity-60")}>
          <Report gaps={gaps.data} />
        </div>
      )}
    </Page>
  );
}

function Report({ gaps }: { gaps: Gaps }) {
  const { t } = useLanguage();
  const settings = useQuery(invoiceSettingsQuery).data;
  const prefix =
    gaps.series === "F" ? (settings?.prefix ?? clinic.invoicePrefix) : (settings?.rectifyingPrefix ?? "R");
  if (!gaps.first || !gaps.last) {
    return (
      <div className="card">
        <EmptyState icon={<FileText />} heading={t("gaps.none", { year: String(gaps.year) })} />
      </div>
    );
  }
  const isWhole = gaps.missingCount === 0;
  const Icon = isWhole ? CircleCheck : TriangleAlert;
  return (
    <Card>
      <p
        className={classes(
          "mb-5 flex items-center gap-3 text-lg font-semibold",
          isWhole ? "text-ok" : "text-warn",
        )}
      >
        <Icon aria-hidden className="size-6 shrink-0" />
        {t("gaps.found", { count: gaps.missingCount })}
      </p>
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        <Fact label={t("gaps.first")} value={prefix + gaps.first} />
        <Fact label={t("gaps.last")} value={prefix + gaps.last} />
        <Fact label={t("gaps.total")} value={formatNumber(gaps.total)} />
        <Fact label={t("gaps.missing")} value={formatNumber(gaps.missingCount)} />
      </dl>
      {gaps.missing.length > 0 && (
        <>
          <h2 className="mt-6 mb-2 font-semibold">{t("gaps.list")}</h2>
          <ul aria-label={t("gaps.list")} className="flex flex-wrap gap-2">
            {gaps.missing.map((number) => (
              <li key={number} className="rounded-field bg-warn-soft px-3 py-1 text-warn tabular-nums">
                {prefix + number}
              </li>
            ))}
          </ul>
          {gaps.missing.length < gaps.missingCount && (
            <p className="mt-3 text-soft">
              {t("gaps.more", { count: gaps.missingCount - gaps.missing.length })}
            </p>
          )}
          <p className="mt-5 text-soft">{t("gaps.text")}</p>
        </>
      )}
    </Card>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className="text-sm text-soft">{label}</dt>
      <dd className="text-lg font-semibold tabular-nums">{value}</dd>
    </div>
  );
}
