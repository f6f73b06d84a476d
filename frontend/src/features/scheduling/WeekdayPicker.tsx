/** Chooses some days of the week: seven buttons that stay pressed. */
import { useId } from "react";
import type { Weekday } from "@/api/types";
import { formatWeekday } from "@/i18n/format";
import { classes } from "@/ui/classes";
import { WEEKDAYS, weekInOrder } from "./weekdays";

interface WeekdayPickerProps {
  label: string;
  value: readonly Weekday[];
  onChange: (value: Weekday[]) => void;
  error?: string | undefined;
  required?: boolean;
}

export function WeekdayPicker({ label, value, onChange, error, required }: WeekdayPickerProps) {
  const id = useId();
  const toggle = (day: Weekday) =>
    onChange(WEEKDAYS.filter((known) => (known === day ? !value.includes(day) : value.includes(known))));
  return (
    <fieldset className="min-w-0" aria-describedby={error ? id : undefined}>
      <legend className="mb-1.5 text-sm font-medium">
        {label}
        {required && (
          <span aria-hidden className="text-danger">
            {" *"}
          </span>
        )}
      </legend>
      <div className="grid grid-cols-7 gap-1.5">
        {weekInOrder().map((day) => (
          <button
            key={day}
            type="button"
            aria-label={formatWeekday(WEEKDAYS.indexOf(day), "long")}
            aria-pressed={value.includes(day)}
            onClick={() => toggle(day)}
            className={classes(
              "min-h-11 min-w-0 rounded-field border text-sm font-medium transition",
              value.includes(day)
                ? "border-accent bg-accent text-on-accent"
                : error
                  ? "border-danger bg-surface text-soft hover:bg-sunken"
                  : "border-strong-line/60 bg-surface text-soft hover:bg-sunken hover:text-ink",
            )}
          >
            {formatWeekday(WEEKDAYS.indexOf(day), "short")}
          </button>
        ))}
      </div>
      {error && (
        <p id={id} className="mt-1 text-sm font-medium text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}
