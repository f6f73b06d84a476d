/** Changes an appointment, or only moves it; of a series, this session alone, this and the later ones, or all. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type UseFormReturn, useForm } from "react-hook-form";
import { asProblem, type Problem } from "@/api/problem";
import { changeAppointment } from "@/api/scheduling";
import type { Appointment, Practitioner, SeriesPatch } from "@/api/types";
import { errorText } from "@/i18n/errorText";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import type { Pick } from "@/ui/SearchPicker";
import { said } from "@/ui/toast";
import { showViolations } from "@/ui/violations";
import { PlaceFields, PurposeFields } from "./AppointmentFields";
import {
  type BookingForm,
  bookingSchema,
  formOf,
  minutesOf,
  placeInForm,
  timesOf,
  toAppointmentInput,
} from "./bookingForm";
import { ConflictOffers } from "./ConflictOffers";
import { asItWas, type Place } from "./calendarMoves";
import { PatientPicker } from "./PatientPicker";
import { SeriesConflicts } from "./SeriesConflicts";
import { type Scope, SeriesScope } from "./SeriesScope";
import { changeRest } from "./seriesChanges";
import { useDiaryRefresh, useShowAnswer, useToldWithUndo } from "./useUndo";

interface AppointmentEditorProps {
  appointment: Appointment;
  practitioners: readonly Practitioner[];
  /** Only where and when, or everything. */
  isMove: boolean;
  onDone: (changed: Appointment) => void;
  onBack: () => void;
  onOpen: (appointmentId: string) => void;
}

interface Wish {
  values: BookingForm;
  overbook?: string;
}

/** What is different for all sessions; what was left alone stays as each of them has it. */
function seriesPatch(before: BookingForm, after: BookingForm): SeriesPatch {
  const minutes = minutesOf(after);
  return {
    ...(after.startsAt !== before.startsAt && { at: after.startsAt }),
    ...(minutes !== minutesOf(before) && { minutes }),
    ...(after.practitionerId !== before.practitionerId && { practitionerId: after.practitionerId }),
    ...(after.title !== before.title && { title: after.title.trim() || null }),
    ...(after.type !== before.type && { type: after.type }),
    ...(after.notes !== before.notes && { notes: after.notes.trim() || null }),
  };
}

export function AppointmentEditor(props: AppointmentEditorProps) {
  const { appointment, practitioners, isMove, onDone, onBack, onOpen } = props;
  const { t } = useLanguage();
  const refresh = useDiaryRefresh();
  const showAnswer = useShowAnswer();
  const toldWithUndo = useToldWithUndo();
  const [scope, setScope] = useState<Scope>("one");
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const form = useForm<BookingForm>({
    resolver: zodResolver(bookingSchema),
    defaultValues: formOf(appointment),
  });

  const changeOne = async ({ values, overbook }: Wish) => {
    const reason = overbook ? { overbook: { reason: overbook } } : {};
    const input = isMove ? placeInForm(values) : toAppointmentInput(values);
    const changed = await changeAppointment(appointment.id, { ...input, ...reason }, appointment.version);
    await showAnswer(changed);
    toldWithUndo(t(isMove ? "appointment.moved" : "appointment.saved"), () =>
      changeAppointment(appointment.id, asItWas(appointment), changed.version),
    );
    return changed;
  };
  const changeSeveral = async (seriesId: string, values: BookingForm) => {
    const patch = seriesPatch(formOf(appointment), values);
    const { series, undo } = await changeRest(appointment, seriesId, scope, patch);
    refresh();
    const text = t("appointment.saved.several", { count: series.appointments.length });
    if (undo) toldWithUndo(text, undo);
    else said(text);
    return series.appointments.find(({ id }) => id === appointment.id) ?? appointment;
  };
  const { seriesId, status } = appointment;
  const save = useMutation({
    mutationFn: (wish: Wish) =>
      scope === "one" || !seriesId ? changeOne(wish) : changeSeveral(seriesId, wish.values),
    onSuccess: onDone,
    onError: (error) => {
      const problem = asProblem(error);
      const homeless = showViolations(form, problem.violations);
      const hasPlace = problem.violations.length > 0 && homeless.length === 0;
      setRefusal(hasPlace ? null : problem);
      refresh();
    },
  });
  const submit = (overbook?: string) =>
    form.handleSubmit((values) => {
      setRefusal(null);
      if (!save.isPending) save.mutate({ values, ...(overbook && { overbook }) });
    })();
  const take = (place: Place) => {
    for (const [name, value] of Object.entries(timesOf(place))) form.setValue(name as "date", value);
    void submit();
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      noValidate
      className="grid gap-4"
    >
      {refusal && refusal.code === "series-not-free" && <SeriesConflicts problem={refusal} />}
      {refusal && refusal.code !== "series-not-free" && (
        <ConflictOffers
          problem={refusal}
          wanted={placeInForm(form.getValues())}
          onOpen={onOpen}
          onTake={take}
          onOverbook={submit}
        />
      )}
      {seriesId && status === "scheduled" && <SeriesScope scope={scope} onChange={setScope} />}
      {!isMove && scope === "one" && <PatientField form={form} />}
      <PlaceFields form={form} practitioners={practitioners} isDayFixed={scope !== "one"} />
      {!isMove && <PurposeFields form={form} />}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" busy={save.isPending} className="max-md:flex-1">
          {t(isMove ? "appointment.move.confirm" : "action.save")}
        </Button>
        <Button onClick={onBack} className="max-md:flex-1">
          {t("action.back")}
        </Button>
      </div>
    </form>
  );
}

function PatientField({ form }: { form: UseFormReturn<BookingForm> }) {
  const { t } = useLanguage();
  const [id, label] = form.watch(["patientId", "patientName"]);
  const pick = (choice: Pick | null) => {
    form.setValue("patientId", choice?.id ?? null, { shouldDirty: true });
    form.setValue("patientName", choice?.label ?? "");
    form.clearErrors("patientId");
  };
  return (
    <PatientPicker
      value={id ? { id, label } : null}
      onChange={pick}
      error={errorText(form.formState.errors.patientId, t)}
    />
  );
}
