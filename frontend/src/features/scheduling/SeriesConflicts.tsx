/** Which sessions of a series a change would bring in somebody's way. */
import { clinic } from "@/api/clinic";
import type { Problem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import type { CheckedSeries, Occurrence } from "@/api/types";
import { formatDay, formatTimeRange } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Notice } from "@/ui/surface";

export function SeriesConflicts({ problem }: { problem: Problem }) {
  const { t } = useLanguage();
  const checked = problem.member<CheckedSeries>("series");
  const taken = ((checked?.occurrences ?? []) as Occurrence[]).filter(({ conflict }) => conflict);
  return (
    <Notice tone="danger" urgent heading={problemText(problem)}>
      <ul className="mt-1 grid gap-1">
        {taken.map(({ startsAt, endsAt, conflict }) => (
          <li key={startsAt}>
            <span className="tabular-nums">
              {formatDay(startsAt, clinic.timezone)} {formatTimeRange(startsAt, endsAt, clinic.timezone)}
            </span>
            {": "}
            {conflict?.title || t("calendar.timeOff")}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
