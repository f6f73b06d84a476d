/** A practitioner's week, for those who only read it. */
import type { WeekGrid } from "@/api/types";
import { formatWeekday } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { WEEKDAYS, weekInOrder } from "./weekdays";

export function WeekGridView({ week }: { week: WeekGrid }) {
  const { t } = useLanguage();
  return (
    <dl className="card divide-y divide-line">
      {weekInOrder().map((day) => (
        <div key={day} className="grid gap-x-4 gap-y-1 px-5 py-3 md:grid-cols-[9rem_minmax(0,1fr)]">
          <dt className="font-medium first-letter:uppercase">
            {formatWeekday(WEEKDAYS.indexOf(day), "long")}
          </dt>
          <dd className="flex flex-wrap gap-2">
            {week[day].length === 0 && <span className="text-soft">{t("workingHours.closed")}</span>}
            {week[day].map((entry) => (
              <span key={entry} className="rounded-field bg-sunken px-2.5 py-0.5 tabular-nums">
                {entry.replace("-", "–")}
              </span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
