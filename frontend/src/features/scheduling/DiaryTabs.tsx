/** The way between the diary's screens where the side bar has no room for them, and back to the calendar. */
import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { useLanguage } from "@/i18n/language";
import { buttonLook } from "@/ui/Button";
import { ABOVE } from "@/ui/Page";

const SCREENS = [
  { to: "/waiting-list", label: "nav.waitingList" },
  { to: "/time-off", label: "nav.timeOff" },
  { to: "/working-hours", label: "nav.workingHours" },
  { to: "/reminders", label: "nav.reminders" },
] as const;

export function DiaryTabs() {
  const { t } = useLanguage();
  return (
    <div className="md:hidden print:hidden">
      <Link to="/calendar" className={buttonLook("plain", ABOVE)}>
        <ChevronLeft aria-hidden className="size-4" />
        {t("nav.calendar")}
      </Link>
      <nav aria-label={t("nav.diary")} className="mb-5 flex flex-wrap gap-2">
        {SCREENS.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ includeSearch: false }}
            className="inline-flex min-h-11 flex-auto items-center justify-center rounded-full border border-line bg-surface px-3.5 font-medium whitespace-nowrap text-soft aria-[current=page]:border-accent-text aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent-text"
          >
            {t(label)}
          </Link>
        ))}
      </nav>
    </div>
  );
}
