/** The free starts of a day, or of the next day that has any, to choose from without the calendar. */
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { clinic } from "@/api/clinic";
import { listFreeStarts } from "@/api/scheduling";
import type { FreeStart } from "@/api/types";
import { addDays, toWallTime } from "@/i18n/clinicTime";
import { formatLongDate, formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { dayWindow } from "./queries";
import { dayOf } from "./slots";

const DAYS_AHEAD = 14;

/** Free starts from a day on, nothing of the past. */
export const freeStartsQuery = (practitionerId: string, date: string, minutes: number) =>
  queryOptions({
    queryKey: ["availability", practitionerId, date, minutes],
    queryFn: ({ signal }) => {
      const { start, end } = dayWindow(date, DAYS_AHEAD);
      return listFreeStarts({ practitionerId, from: start, to: end, minutes }, signal);
    },
    select: ({ member }) => member.filter(({ startsAt }) => Date.parse(startsAt) > Date.now()),
    placeholderData: keepPreviousData,
    enabled: practitionerId !== "" && date !== "" && minutes >= 5 && minutes % 5 === 0,
  });

/** Those of the day, or of the first day after it that has any. */
export function startsOfDay(free: readonly FreeStart[], date: string): { date: string; starts: FreeStart[] } {
  const next = free.find(({ startsAt }) => dayOf(startsAt) >= date);
  const day = next ? dayOf(next.startsAt) : date;
  return { date: day, starts: free.filter(({ startsAt }) => dayOf(startsAt) === day) };
}

interface FreeStartsProps {
  practitionerId: string;
  /** YYYY-MM-DD */
  date: string;
  minutes: number;
  /** HH:MM of the start that is chosen now. */
  chosen: string;
  onChoose: (start: FreeStart) => void;
}

export function FreeStarts({ practitionerId, date, minutes, chosen, onChoose }: FreeStartsProps) {
  const { t } = useLanguage();
  const name = useId();
  const free = useQuery(freeStartsQuery(practitionerId, date, minutes));
  if (!free.data) return null;
  const { date: day, starts } = startsOfDay(free.data, date);
  if (starts.length === 0) {
    return (
      <p className="text-sm text-soft">
        {t("booking.free.none", { until: formatLongDate(addDays(date, DAYS_AHEAD - 1)) })}
      </p>
    );
  }
  return (
    <fieldset aria-busy={free.isFetching}>
      <legend className="mb-1.5 text-sm font-medium">
        {day === date ? t("booking.free") : t("booking.free.on", { day: formatLongDate(day) })}
      </legend>
      <div className="flex flex-wrap gap-1.5">
        {starts.map((start) => {
          const time = toWallTime(start.startsAt, clinic.timezone).time;
          return (
            <label
              key={start.startsAt}
              className="flex min-h-9 cursor-pointer items-center rounded-field border border-line bg-surface px-2.5 tabular-nums transition hover:bg-sunken has-checked:border-accent-text has-checked:bg-accent-soft has-checked:font-medium has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-text touch:min-h-11 max-md:min-h-11"
            >
              <input
                type="radio"
                name={name}
                className="sr-only"
                checked={day === date && time === chosen}
                onChange={() => onChoose(start)}
              />
              {formatTime(start.startsAt, clinic.timezone)}
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
