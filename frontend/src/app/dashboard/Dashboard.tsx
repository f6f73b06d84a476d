/** The day at a glance: five figures that lead to their lists, today's appointments, the next thing to do. */
import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import { CalendarPlus, FilePlus2, UserPlus } from "lucide-react";
import { clinic } from "@/api/clinic";
import { mayBill, useMe } from "@/api/me";
import { problemText } from "@/api/problemText";
import type { DashboardStats } from "@/api/types";
import { TodaysAppointments } from "@/features/scheduling/TodaysAppointments";
import { toWallTime } from "@/i18n/clinicTime";
import { formatLongDate, formatMoney, formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { Card, Notice, Skeleton } from "@/ui/surface";
import { dashboardQuery } from "./queries";

type Figure = Exclude<keyof DashboardStats, "unavailable">;

export function Dashboard() {
  const { t } = useLanguage();
  const me = useMe();
  const stats = useQuery(dashboardQuery);
  const today = toWallTime(new Date(), clinic.timezone).date;
  const year = Number(today.slice(0, 4));
  const figures: { name: Figure; link: LinkProps }[] = [
    { name: "totalPatients", link: { to: "/patients" } },
    { name: "appointmentsToday", link: { to: "/calendar", search: { view: "day", date: today } } },
    { name: "othersToday", link: { to: "/calendar", search: { view: "day", date: today } } },
  ];
  if (mayBill(me)) {
    figures.push({ name: "invoicesThisYear", link: { to: "/invoices", search: { year } } });
    figures.push({ name: "revenueThisMonth", link: { to: "/invoices", search: { year } } });
  }
  return (
    <Page
      heading={t("dashboard.heading")}
      beside={<p className="text-soft first-letter:uppercase">{formatLongDate(today)}</p>}
    >
      {stats.isError && !stats.data && (
        <Notice
          tone="danger"
          className="mb-5"
          actions={<Button onClick={() => stats.refetch()}>{t("action.retry")}</Button>}
        >
          {problemText(stats.error)}
        </Notice>
      )}
      <ul className="mb-5 grid grid-cols-2 gap-3 md:grid-cols-3 md:gap-5 xl:grid-cols-5">
        {figures.map(({ name, link }) => (
          <li
            key={name}
            className="card relative p-4 transition hover:border-accent-text/50 max-md:last:odd:col-span-2 md:p-5"
          >
            <Link {...link} className="text-sm text-soft after:absolute after:inset-0 after:rounded-card">
              {t(`dashboard.${name}`)}
            </Link>
            <div className="mt-1 flex min-h-9 items-center">
              {stats.data ? (
                <FigureValue name={name} stats={stats.data} />
              ) : (
                <Skeleton className="h-7 w-16" />
              )}
            </div>
          </li>
        ))}
      </ul>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <TodaysAppointments />
        <Card heading={t("dashboard.actions")}>
          <div className="grid gap-2.5">
            <Link to="/patients/new" className={buttonLook("quiet", "justify-start")}>
              <UserPlus aria-hidden className="size-5 text-accent-text" />
              {t("patients.new")}
            </Link>
            <Link to="/calendar" search={{ new: true }} className={buttonLook("quiet", "justify-start")}>
              <CalendarPlus aria-hidden className="size-5 text-accent-text" />
              {t("booking.heading")}
            </Link>
            {mayBill(me) && (
              <Link to="/invoices/new" className={buttonLook("quiet", "justify-start")}>
                <FilePlus2 aria-hidden className="size-5 text-accent-text" />
                {t("invoices.new")}
              </Link>
            )}
          </div>
        </Card>
      </div>
    </Page>
  );
}

function FigureValue({ name, stats }: { name: Figure; stats: DashboardStats }) {
  const { t } = useLanguage();
  const value = stats[name];
  if (value === null) return <span className="text-soft italic">{t("dashboard.unavailable")}</span>;
  const shown = typeof value === "string" ? formatMoney(value, clinic.currency) : formatNumber(value);
  return <span className="text-2xl font-semibold tracking-tight tabular-nums">{shown}</span>;
}
