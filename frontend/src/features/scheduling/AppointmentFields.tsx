/** The fields of an appointment: when and with whom, what for. Booking, changing and moving share them. */
import { useRef } from "react";
import type { UseFormReturn } from "react-hook-form";
import type { FreeStart, Practitioner } from "@/api/types";
import { errorText } from "@/i18n/errorText";
import { useLanguage } from "@/i18n/language";
import { Checkbox, Select, TextArea, TextField } from "@/ui/Field";
import { type BookingForm, minutesOf, movedEnd, timesOf } from "./bookingForm";
import { FreeStarts } from "./FreeStarts";

interface FieldsProps {
  form: UseFormReturn<BookingForm>;
  practitioners: readonly Practitioner[];
}

interface PlaceFieldsProps extends FieldsProps {
  /** Each session keeps its own day, when several of a series are changed. */
  isDayFixed?: boolean;
}

export function PlaceFields({ form, practitioners, isDayFixed = false }: PlaceFieldsProps) {
  const { t } = useLanguage();
  const { errors } = form.formState;
  const [allDay, date, startsAt, endsAt, practitionerId] = form.watch([
    "allDay",
    "date",
    "startsAt",
    "endsAt",
    "practitionerId",
  ]);
  const start = form.register("startsAt");
  // While it is written anew the field is empty; the length is kept from what stood there before.
  const lastStart = useRef(startsAt);
  if (startsAt) lastStart.current = startsAt;
  const take = (free: FreeStart) => {
    for (const [name, value] of Object.entries(timesOf(free))) {
      form.setValue(name as keyof BookingForm, value, { shouldDirty: true, shouldTouch: true });
    }
    form.clearErrors(["date", "startsAt", "endsAt"]);
  };
  return (
    <>
      <div className="grid grid-cols-2 gap-4 md:grid-cols-3">
        {!isDayFixed && (
          <TextField
            {...form.register("date")}
            label={t("booking.date")}
            error={errorText(errors.date, t)}
            type="date"
            required
            className="max-md:col-span-2"
          />
        )}
        {!allDay && (
          <>
            <TextField
              {...start}
              onChange={(event) => {
                const end = form.getValues("endsAt");
                form.setValue("endsAt", movedEnd(lastStart.current, event.target.value, end));
                return start.onChange(event);
              }}
              label={t("booking.start")}
              error={errorText(errors.startsAt, t)}
              type="time"
              step={300}
              required
            />
            <TextField
              {...form.register("endsAt")}
              label={t("booking.end")}
              error={errorText(errors.endsAt, t)}
              type="time"
              step={300}
              required
            />
          </>
        )}
      </div>
      <Select
        {...form.register("practitionerId")}
        label={t("booking.practitioner")}
        error={errorText(errors.practitionerId, t)}
        required
      >
        {practitioners.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      {!allDay && !isDayFixed && (
        <FreeStarts
          practitionerId={practitionerId}
          date={date}
          minutes={minutesOf({ startsAt, endsAt })}
          chosen={startsAt}
          onChoose={take}
        />
      )}
    </>
  );
}

export function PurposeFields({ form }: Pick<FieldsProps, "form">) {
  const { t } = useLanguage();
  const { errors } = form.formState;
  return (
    <>
      <div className="grid gap-4 md:grid-cols-2">
        <TextField
          {...form.register("title")}
          label={t("booking.title")}
          hint={t("booking.title.hint")}
          error={errorText(errors.title, t)}
          autoComplete="off"
        />
        <Select {...form.register("type")} label={t("booking.type")} error={errorText(errors.type, t)}>
          <option value="appointment">{t("booking.type.appointment")}</option>
          <option value="other">{t("booking.type.other")}</option>
        </Select>
      </div>
      <Checkbox {...form.register("allDay")} label={t("appointment.allDay")} />
      <TextArea
        {...form.register("notes")}
        label={t("booking.notes")}
        error={errorText(errors.notes, t)}
        rows={2}
      />
    </>
  );
}
