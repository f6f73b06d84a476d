/** What stands above a column of the calendar: a day, or the practitioner whose day it is. */
import type { Practitioner } from "@/api/types";
import { REGION, useLanguage } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { Initials } from "@/ui/surface";

const FRAME = "flex h-11 min-w-0 items-center justify-center gap-2 px-1";

export function DayHeading({ date, isToday }: { date: string; isToday: boolean }) {
  const { locale, t } = useLanguage();
  const day = new Date(`${date}T00:00:00Z`);
  const write = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(REGION[locale], { ...options, timeZone: "UTC" }).format(day);
  return (
    <span className={FRAME}>
      <span aria-hidden className="text-soft max-md:text-sm">
        {write({ weekday: "short" })}
      </span>
      <span
        aria-hidden
        className={classes(
          "grid size-8 shrink-0 place-items-center rounded-full text-base font-semibold tabular-nums",
          isToday && "bg-accent text-on-accent",
        )}
      >
        {day.getUTCDate()}
      </span>
      <span className="sr-only">
        {write({ weekday: "long", day: "numeric", month: "long" })}
        {isToday && `, ${t("calendar.today")}`}
      </span>
    </span>
  );
}

export function PractitionerHeading({ practitioner }: { practitioner: Practitioner }) {
  return (
    <span className={FRAME}>
      <Initials text={practitioner.initials} colour={practitioner.colour} size="sm" />
      <span className="truncate font-medium">{practitioner.name}</span>
    </span>
  );
}

/** The number of a day in a month, and how many gaps it has. */
export function MonthDay({ text, gaps }: { text: string; gaps: number }) {
  const { t } = useLanguage();
  return (
    <span className="flex items-baseline gap-2">
      {gaps > 0 && (
        <span className="text-[0.75rem] text-soft max-md:sr-only">
          {t("calendar.gaps.count", { count: gaps })}
        </span>
      )}
      {text}
    </span>
  );
}
