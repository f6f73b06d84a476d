/** Plans time off or changes it, and says how many appointments already lie in it. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { mayPlanForAll, useMe } from "@/api/me";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import { listWindow } from "@/api/scheduling";
import type { Practitioner, TimeOff } from "@/api/types";
import { errorText } from "@/i18n/errorText";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { DraftNotice } from "@/ui/DraftNotice";
import { Checkbox, Select, TextField } from "@/ui/Field";
import { Notice } from "@/ui/surface";
import { useDraft } from "@/ui/useDraft";
import { showViolations } from "@/ui/violations";
import { emptyTimeOff, type TimeOffForm, timeOffSchema, toTimeOffForm, toTimeOffInput } from "./timeOffForm";
import { useTimeOffSave } from "./useTimeOffChange";

interface TimeOffDialogProps {
  /** Null for new time off. */
  timeOff: TimeOff | null;
  practitioners: readonly Practitioner[];
  onClose: () => void;
}

export function TimeOffDialog({ timeOff, practitioners, onClose }: TimeOffDialogProps) {
  const { t } = useLanguage();
  const me = useMe();
  const mayForAll = mayPlanForAll(me);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<TimeOffForm>({
    resolver: zodResolver(timeOffSchema),
    defaultValues: timeOff ? toTimeOffForm(timeOff) : emptyTimeOff(mayForAll ? "" : me.id, new Date()),
  });
  const draft = useDraft<TimeOffForm>(form, `${me.id}.time-off.${timeOff?.id ?? "new"}`, timeOff?.version);
  const values = useWatch({ control: form.control }) as TimeOffForm;
  const save = useTimeOffSave(timeOff);
  const errors = form.formState.errors;

  const submit = form.handleSubmit((filled) => {
    setProblem(null);
    if (save.isPending) return;
    save.mutate(toTimeOffInput(filled), {
      onSuccess: () => {
        draft.forget();
        onClose();
      },
      onError: (error) => {
        const refusal = asProblem(error);
        const homeless = showViolations(form, refusal.violations);
        setProblem(refusal.violations.length === 0 ? problemText(refusal) : homeless.join(" ") || null);
      },
    });
  });

  const cancel = () => {
    draft.forget();
    onClose();
  };

  const first = form.register("firstDay");
  return (
    <Dialog
      open
      onClose={onClose}
      heading={t(timeOff ? "timeOff.edit" : "timeOff.new")}
      closeLabel={t("action.close")}
    >
      <form onSubmit={submit} noValidate className="grid gap-4">
        <DraftNotice
          draft={draft}
          texts={{
            restored: (time) => t("draft.restored", { time: formatTime(time, clinic.timezone) }),
            discard: t("draft.discard"),
          }}
        />
        {problem && (
          <Notice tone="danger" urgent>
            {problem}
          </Notice>
        )}
        <Select
          {...form.register("practitionerId")}
          label={t("timeOff.who")}
          error={errorText(errors.practitionerId, t)}
        >
          {mayForAll && <option value="">{t("timeOff.clinic")}</option>}
          {practitioners
            .filter(({ id }) => mayForAll || id === me.id)
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
        </Select>
        <TextField
          {...form.register("title")}
          label={t("timeOff.title")}
          hint={t("timeOff.title.hint")}
          error={errorText(errors.title, t)}
          autoComplete="off"
        />
        <Checkbox {...form.register("allDay")} label={t("timeOff.allDay")} />
        <div className="grid grid-cols-2 gap-4">
          <TextField
            {...first}
            onChange={(event) => {
              const { firstDay, lastDay } = form.getValues();
              if (lastDay === firstDay || lastDay < event.target.value)
                form.setValue("lastDay", event.target.value, { shouldDirty: true });
              return first.onChange(event);
            }}
            label={t("timeOff.firstDay")}
            error={errorText(errors.firstDay, t)}
            type="date"
            required
          />
          <TextField
            {...form.register("lastDay")}
            label={t("timeOff.lastDay")}
            error={errorText(errors.lastDay, t)}
            type="date"
            min={values.firstDay}
            required
          />
          {!values.allDay && (
            <>
              <TextField
                {...form.register("startsAt")}
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
        <BookedMeanwhile form={values} />
        <div className="flex gap-3">
          <Button type="submit" look="primary" busy={save.isPending} className="max-md:flex-1">
            {t("action.save")}
          </Button>
          <Button onClick={cancel} className="max-md:flex-1">
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What is booked already stays where it is: somebody has to move it. */
function BookedMeanwhile({ form }: { form: TimeOffForm }) {
  const { t } = useLanguage();
  const isSound = timeOffSchema.safeParse(form).success;
  const { startsAt, endsAt, practitionerId } = toTimeOffInput(form);
  const booked = useQuery({
    queryKey: ["appointments", "within", startsAt, endsAt],
    queryFn: ({ signal }) => listWindow(startsAt, endsAt, signal),
    enabled: isSound,
    retry: false,
  });
  const met = (booked.data?.member ?? []).filter(
    (each) =>
      each.type !== "gap" &&
      each.status === "scheduled" &&
      (practitionerId === null || each.practitionerId === practitionerId),
  );
  if (!isSound || met.length === 0) return null;
  return (
    <Notice tone="warn">
      {t("timeOff.booked", { count: met.length })}{" "}
      <Link
        to="/calendar"
        search={{ date: form.firstDay, view: "day" }}
        className="text-accent-text underline underline-offset-4"
      >
        {t("today.calendar")}
      </Link>
    </Notice>
  );
}
