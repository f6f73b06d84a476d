/** Books a plan of sessions at once: a weekly rule, every date checked while it is written, repaired one by one or all. */
import { zodResolver } from "@hookform/resolvers/zod";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type UseFormReturn, useForm, useWatch } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import { bookSeries, cancelSeries, checkSeries } from "@/api/scheduling";
import type { Occurrence, Practitioner, Series, SeriesInput } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { errorText } from "@/i18n/errorText";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { DIALOG_FOOTER, Dialog } from "@/ui/Dialog";
import { DraftNotice } from "@/ui/DraftNotice";
import { Select, TextField } from "@/ui/Field";
import type { Pick } from "@/ui/SearchPicker";
import { Notice, Skeleton } from "@/ui/surface";
import { said, saidProblem, saidWithUndo } from "@/ui/toast";
import { useDebounced } from "@/ui/useDebounced";
import { useDraft } from "@/ui/useDraft";
import { showViolations } from "@/ui/violations";
import { PatientPicker } from "./PatientPicker";
import { practitionersQuery } from "./queries";
import { SeriesSessions } from "./SeriesSessions";
import {
  emptySeries,
  isFree,
  isTaken,
  type SeriesForm,
  type SeriesStart,
  seriesSchema,
  sessionsOf,
  toSeriesInput,
} from "./seriesPlan";
import { WeekdayPicker } from "./WeekdayPicker";

interface SeriesDialogProps {
  patient?: Pick | null;
  /** Whom to book with; else the person who is signed in, when practising. */
  practitionerId?: string | undefined;
  /** An instant: the first session's, when a place on the calendar was chosen. */
  startsAt?: string | undefined;
  onClose: () => void;
  onBooked?: (series: Series) => void;
}

export function SeriesDialog({ patient = null, practitionerId, startsAt, ...rest }: SeriesDialogProps) {
  const { t } = useLanguage();
  const me = useMe();
  const practitioners = useQuery(practitionersQuery).data?.filter(({ active }) => active);
  const wanted = [practitionerId, me.id].find((id) => practitioners?.some((known) => known.id === id));
  return (
    <Dialog open wide onClose={rest.onClose} heading={t("series.heading")} closeLabel={t("action.close")}>
      {practitioners ? (
        <SeriesPlanner
          {...rest}
          practitioners={practitioners}
          start={{ practitionerId: wanted ?? practitioners[0]?.id ?? "", patient, startsAt }}
        />
      ) : (
        <Skeleton className="h-96" />
      )}
    </Dialog>
  );
}

interface SeriesPlannerProps {
  practitioners: Practitioner[];
  start: SeriesStart;
  onClose: () => void;
  onBooked?: (series: Series) => void;
}

function SeriesPlanner({ practitioners, start, onClose, onBooked }: SeriesPlannerProps) {
  const { t } = useLanguage();
  const me = useMe();
  const withKey = useIdempotencyKey();
  const changed = useDiaryChanged();
  const undo = useUndoSeries();
  const sessionsHeading = useRef<HTMLHeadingElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<SeriesForm>({
    resolver: zodResolver(seriesSchema),
    defaultValues: emptySeries(start, new Date()),
  });
  const draft = useDraft<SeriesForm>(form, `${me.id}.series.${start.patient?.id ?? "new"}`);
  const values = useWatch({ control: form.control }) as SeriesForm;
  const plan = toSeriesInput(values);
  const { check, keepChecked } = useCheckedPlan(plan);
  const violations = check.error ? asProblem(check.error).violations : [];
  const sessions = plan ? sessionsOf(values.sessions, check.data ?? [], violations) : [];
  const unplaced = violations.filter(
    ({ propertyPath }) => !/^startsAt\.\d+$/.test(propertyPath) || !values.sessions,
  );

  const book = useMutation({
    mutationFn: (input: SeriesInput) => withKey((key) => bookSeries(input, key)),
    onSuccess: (series) => {
      draft.forget();
      changed();
      saidWithUndo(t("series.booked", { count: series.appointments.length }), t("action.undo"), () =>
        undo(series),
      );
      onBooked?.(series);
      onClose();
    },
    onError: (error, input) => {
      const refusal = asProblem(error);
      const met = refusal.member<{ occurrences: Occurrence[] }>("series");
      if (met) keepChecked(input, met.occurrences);
      const homeless = showViolations(form, refusal.violations.map(placed));
      setProblem(refusal.violations.length === 0 ? problemText(refusal) : homeless.join(" ") || null);
    },
  });

  const submit = form.handleSubmit((filled) => {
    setProblem(null);
    const input = toSeriesInput(filled);
    if (!input || book.isPending) return;
    if (sessions.some(isTaken)) return sessionsHeading.current?.focus();
    book.mutate(input);
  });

  const choose = (starts: string[] | null) => {
    setProblem(null);
    form.setValue("sessions", starts, { shouldDirty: true });
  };

  const cancel = () => {
    draft.forget();
    onClose();
  };

  return (
    <form onSubmit={submit} noValidate className="grid gap-4" aria-label={t("series.heading")}>
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
      <RuleFields form={form} values={values} practitioners={practitioners} onRule={() => choose(null)} />
      {check.isError && (violations.length === 0 || unplaced.length > 0) && (
        <Notice tone="warn">
          {unplaced.map(({ message }) => message).join(" ") || problemText(check.error)}
        </Notice>
      )}
      <SeriesSessions
        headingRef={sessionsHeading}
        sessions={sessions}
        form={values}
        isChecking={plan !== null && (check.isPlaceholderData || check.isPending)}
        onChoose={choose}
      />
      <div className={DIALOG_FOOTER}>
        <Button
          type="submit"
          look="primary"
          busy={book.isPending || (sessions.length > 0 && !sessions.every(isFree))}
          className="max-md:flex-1"
        >
          {sessions.length > 0 ? t("series.book", { count: sessions.length }) : t("series.book.none")}
        </Button>
        <Button onClick={cancel} className="max-md:flex-1">
          {t("action.cancel")}
        </Button>
      </div>
    </form>
  );
}

/** The server speaks of `weekly.first` and `patientId`, the form of `first` and `patient`. */
const placed = ({ propertyPath, message }: { propertyPath: string; message: string }) => ({
  propertyPath: propertyPath.replace(/^weekly\./, "").replace(/^patientId$/, "patient"),
  message,
});

interface RuleFieldsProps {
  form: UseFormReturn<SeriesForm>;
  values: SeriesForm;
  practitioners: Practitioner[];
  /** Another rule makes other sessions: what was repaired by hand no longer counts. */
  onRule: () => void;
}

function RuleFields({ form, values, practitioners, onRule }: RuleFieldsProps) {
  const { t } = useLanguage();
  const errors = form.formState.errors;
  const rule = { onChange: onRule };
  return (
    <>
      <PatientPicker
        isFirst={values.patient === null}
        value={values.patient}
        onChange={(patient) =>
          form.setValue("patient", patient && { id: patient.id, label: patient.label }, {
            shouldDirty: true,
            shouldValidate: form.formState.isSubmitted,
          })
        }
        error={errorText(errors.patient, t)}
      />
      <div className="grid gap-4 md:grid-cols-[minmax(0,1fr)_9rem]">
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
        <TextField
          {...form.register("minutes")}
          label={t("series.minutes")}
          error={errorText(errors.minutes, t)}
          type="number"
          min={5}
          step={5}
          inputMode="numeric"
          required
        />
      </div>
      <WeekdayPicker
        label={t("series.weekdays")}
        value={values.weekdays}
        onChange={(weekdays) => {
          onRule();
          form.setValue("weekdays", weekdays, {
            shouldDirty: true,
            shouldValidate: form.formState.isSubmitted,
          });
        }}
        error={errorText(errors.weekdays, t)}
        required
      />
      <div className="grid grid-cols-2 gap-4 md:grid-cols-3">
        <TextField
          {...form.register("at", rule)}
          label={t("series.at")}
          error={errorText(errors.at, t)}
          type="time"
          step={300}
          required
        />
        <TextField
          {...form.register("count", rule)}
          label={t("series.count")}
          error={errorText(errors.count, t)}
          type="number"
          min={1}
          max={60}
          inputMode="numeric"
          required
        />
        <TextField
          {...form.register("first", rule)}
          label={t("series.first")}
          error={errorText(errors.first, t)}
          type="date"
          required
          className="max-md:col-span-2"
        />
      </div>
    </>
  );
}

const CHECK_AGAIN_MS = 15_000;
const checkKey = (plan: SeriesInput | null) => ["series", "check", plan] as const;

/** What the plan would meet, asked again whenever it changes and every few seconds: colleagues book too. */
function useCheckedPlan(plan: SeriesInput | null) {
  const queryClient = useQueryClient();
  const settled = useDebounced(JSON.stringify(plan), 250);
  const asked = JSON.parse(settled) as SeriesInput | null;
  const check = useQuery({
    queryKey: checkKey(asked),
    queryFn: async ({ signal }) => (asked ? (await checkSeries(asked, signal)).occurrences : []),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    refetchInterval: CHECK_AGAIN_MS,
    retry: false,
  });
  return {
    check,
    keepChecked: (input: SeriesInput, met: Occurrence[]) =>
      queryClient.setQueryData(checkKey(JSON.parse(JSON.stringify(input))), met),
  };
}

function useDiaryChanged(): () => void {
  const queryClient = useQueryClient();
  return () => {
    for (const key of ["appointments", "dashboard", "series"])
      void queryClient.invalidateQueries({ queryKey: [key] });
  };
}

/** Taking a series back is its cancellation: what was booked is told to nobody as if it had never been. */
function useUndoSeries(): (series: Series) => void {
  const { t } = useLanguage();
  const changed = useDiaryChanged();
  const withKey = useIdempotencyKey();
  return (series) =>
    void withKey((key) => cancelSeries(series.id, t("series.undo.reason"), key))
      .then(() => said(t("series.undone")))
      .catch((error) => saidProblem(problemText(error)))
      .finally(changed);
}
