/** One weekday of the grid: its slots, one more, the same on other days. */
import { Menu, MenuButton, MenuItem, MenuItems } from "@headlessui/react";
import { Copy, Plus, X } from "lucide-react";
import { type UseFormReturn, useFieldArray, useWatch } from "react-hook-form";
import type { Weekday } from "@/api/types";
import { errorText } from "@/i18n/errorText";
import { formatNumber, formatWeekday } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { WEEKDAYS, WORKING_DAYS, weekInOrder } from "./weekdays";
import { asTime, minutesOffered, nextGridSlot, type WeekGridForm } from "./weekGridForm";

interface WeekGridDayProps {
  form: UseFormReturn<WeekGridForm>;
  day: Weekday;
  onCopy: (to: Weekday[]) => void;
}

const nameOf = (day: Weekday) => formatWeekday(WEEKDAYS.indexOf(day), "long");

export function WeekGridDay({ form, day, onCopy }: WeekGridDayProps) {
  const { t } = useLanguage();
  const { fields, append, remove } = useFieldArray({ control: form.control, name: day });
  const slots = useWatch({ control: form.control, name: day });
  const name = nameOf(day);
  const errors = form.formState.errors[day];
  const messages = fields
    .map((_, number) => errorText(errors?.[number]?.root ?? errors?.[number], t))
    .filter(Boolean);
  const whole = errorText(errors?.root ?? (Array.isArray(errors) ? undefined : errors), t);
  return (
    <fieldset className="grid min-w-0 gap-x-4 gap-y-2 px-4 py-3 md:grid-cols-[8.5rem_minmax(0,1fr)] md:px-5">
      <legend className="sr-only">{name}</legend>
      <div aria-hidden className="flex items-baseline gap-2 md:block md:pt-2">
        <p className="font-medium first-letter:uppercase">{name}</p>
        <p className="text-sm text-soft tabular-nums">
          {slots.length === 0
            ? t("workingHours.closed")
            : t("workingHours.hours", { hours: formatNumber(minutesOffered(slots) / 60) })}
        </p>
      </div>
      <div className="min-w-0">
        <ul className="grid grid-cols-2 gap-2 md:flex md:flex-wrap">
          {fields.map((field, number) => (
            <SlotFields
              key={field.id}
              form={form}
              path={`${day}.${number}`}
              dayName={name}
              isWrong={Boolean(errors?.[number])}
              onRemove={() => remove(number)}
            />
          ))}
          <li className="flex flex-wrap items-center max-md:col-span-2">
            <Button
              look="plain"
              className="min-h-11 px-2"
              aria-label={t("workingHours.add.to", { day: name })}
              onClick={() =>
                append(nextGridSlot(form.getValues(day)), { focusName: `${day}.${fields.length}.start` })
              }
            >
              <Plus aria-hidden className="size-4" />
              {t("workingHours.add")}
            </Button>
            <CopyMenu day={day} onCopy={onCopy} />
          </li>
        </ul>
        {[...new Set([...messages, whole].filter(Boolean))].map((message) => (
          <p key={message} id={`${day}-error`} className="mt-1 text-sm font-medium text-danger">
            {message}
          </p>
        ))}
      </div>
    </fieldset>
  );
}

interface SlotFieldsProps {
  form: UseFormReturn<WeekGridForm>;
  path: `${Weekday}.${number}`;
  dayName: string;
  isWrong: boolean;
  onRemove: () => void;
}

function SlotFields({ form, path, dayName, isWrong, onRemove }: SlotFieldsProps) {
  const { t } = useLanguage();
  return (
    <li
      className={classes(
        "flex items-center rounded-field border bg-surface focus-within:border-accent-text focus-within:outline-2 focus-within:outline-accent-text/30",
        isWrong ? "border-danger" : "border-strong-line/60",
      )}
    >
      <TimeInput
        form={form}
        path={path}
        end="start"
        isWrong={isWrong}
        label={t("workingHours.from", { day: dayName })}
      />
      <span aria-hidden className="text-soft">
        –
      </span>
      <TimeInput
        form={form}
        path={path}
        end="end"
        isWrong={isWrong}
        label={t("workingHours.to", { day: dayName })}
      />
      <button
        type="button"
        aria-label={t("workingHours.remove", { day: dayName, start: form.getValues(`${path}.start`) })}
        onClick={onRemove}
        className="flex h-11 w-9 shrink-0 items-center justify-center rounded-field text-soft hover:bg-sunken hover:text-ink"
      >
        <X aria-hidden className="size-4" />
      </button>
    </li>
  );
}

interface TimeInputProps {
  form: UseFormReturn<WeekGridForm>;
  path: `${Weekday}.${number}`;
  end: "start" | "end";
  isWrong: boolean;
  label: string;
}

/** Written as text: a time input follows the browser's own language, and its twelve hours have no room here. */
function TimeInput({ form, path, end, isWrong, label }: TimeInputProps) {
  const name = `${path}.${end}` as const;
  const field = form.register(name);
  return (
    <input
      {...field}
      inputMode="numeric"
      autoComplete="off"
      maxLength={5}
      aria-label={label}
      aria-invalid={isWrong || undefined}
      onChange={(event) => {
        form.clearErrors(path); // what is still wrong is found again on saving
        return field.onChange(event);
      }}
      onBlur={(event) => {
        const time = asTime(event.target.value);
        if (time !== event.target.value) form.setValue(name, time, { shouldDirty: true });
        return field.onBlur(event);
      }}
      onFocus={(event) => event.target.select()}
      className="h-11 w-full min-w-0 bg-transparent md:w-[3.3rem] text-center tabular-nums outline-none"
    />
  );
}

function CopyMenu({ day, onCopy }: { day: Weekday; onCopy: (to: Weekday[]) => void }) {
  const { t } = useLanguage();
  const others = weekInOrder().filter((other) => other !== day);
  const entry =
    "min-h-11 w-full rounded-field px-3 text-left first-letter:uppercase data-focus:bg-accent-soft";
  return (
    <Menu>
      <MenuButton
        aria-label={t("workingHours.copy.of", { day: nameOf(day) })}
        className={buttonLook("plain", "min-h-11 px-2")}
      >
        <Copy aria-hidden className="size-4" />
        {t("workingHours.copy")}
      </MenuButton>
      <MenuItems
        modal={false}
        anchor={{ to: "bottom end", gap: 4, padding: 8 }}
        className="z-50 w-52 rounded-card border border-line bg-raised p-2 shadow-float outline-none"
      >
        <MenuItem>
          <button
            type="button"
            className={entry}
            onClick={() => onCopy(WORKING_DAYS.filter((other) => other !== day))}
          >
            {t("workingHours.copy.workingDays")}
          </button>
        </MenuItem>
        {others.map((other) => (
          <MenuItem key={other}>
            <button type="button" className={entry} onClick={() => onCopy([other])}>
              {nameOf(other)}
            </button>
          </MenuItem>
        ))}
      </MenuItems>
    </Menu>
  );
}
