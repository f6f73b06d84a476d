/** Books an appointment: prefilled from the place that was chosen; a refusal shows what is in the way and what can be done. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { CalendarRange, UserPlus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { type UseFormReturn, useForm } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import { asProblem, type Problem } from "@/api/problem";
import { book, deleteAppointment } from "@/api/scheduling";
import type { Appointment, Practitioner } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { errorText } from "@/i18n/errorText";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { DraftNotice } from "@/ui/DraftNotice";
import type { Pick } from "@/ui/SearchPicker";
import { useDraft } from "@/ui/useDraft";
import { showViolations } from "@/ui/violations";
import { PlaceFields, PurposeFields } from "./AppointmentFields";
import {
  type BookingForm,
  bookingSchema,
  emptyBooking,
  placeInForm,
  timesOf,
  toAppointmentInput,
} from "./bookingForm";
import { ConflictOffers } from "./ConflictOffers";
import type { Place } from "./calendarMoves";
import { NewPatient } from "./NewPatient";
import { PatientPicker } from "./PatientPicker";
import type { Slot } from "./slots";
import { useDiaryRefresh, useToldWithUndo } from "./useUndo";

interface BookingDialogProps {
  slot: Slot;
  practitionerId: string;
  practitioners: readonly Practitioner[];
  patient: Pick | null;
  onClose: () => void;
  onBooked: (appointment: Appointment) => void;
  /** Shows what is in the way of a refused booking. */
  onOpen: (appointmentId: string) => void;
  /** Goes on with a plan of several sessions from the same place. */
  onSeries?: (patient: Pick | null, place: Place) => void;
}

interface Wish {
  values: BookingForm;
  overbook?: string;
}

export function BookingDialog({
  slot,
  practitionerId,
  practitioners,
  patient,
  onClose,
  onBooked,
  onOpen,
  onSeries,
}: BookingDialogProps) {
  const { t } = useLanguage();
  const me = useMe();
  const withKey = useIdempotencyKey();
  const refresh = useDiaryRefresh();
  const toldWithUndo = useToldWithUndo();
  const [isNewPatient, setIsNewPatient] = useState(false);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const form = useForm<BookingForm>({
    resolver: zodResolver(bookingSchema),
    defaultValues: emptyBooking(slot, practitionerId, patient),
  });
  const draft = useDraft<BookingForm>(form, `${me.id}.booking`);
  const { patientId, patientName } = form.watch();
  useChosenPlace(form, slot, practitionerId);

  const save = useMutation({
    mutationFn: ({ values, overbook }: Wish) => {
      const input = { ...toAppointmentInput(values), ...(overbook && { overbook: { reason: overbook } }) };
      return withKey((key) => book(input, key));
    },
    onSuccess: (booked) => {
      draft.forget();
      refresh();
      toldWithUndo(t("booking.saved"), () => deleteAppointment(booked.id, booked.version));
      onBooked(booked);
    },
    onError: (error) => {
      const problem = asProblem(error);
      const homeless = showViolations(form, problem.violations);
      const hasPlace = problem.violations.length > 0 && homeless.length === 0;
      setRefusal(hasPlace ? null : problem);
    },
  });

  const submit = (overbook?: string) =>
    form.handleSubmit((values) => {
      setRefusal(null);
      if (!save.isPending) save.mutate({ values, ...(overbook && { overbook }) });
    })();

  const pick = (choice: Pick | null) => {
    form.setValue("patientId", choice?.id ?? null, { shouldDirty: true });
    form.setValue("patientName", choice?.label ?? "");
    form.clearErrors("patientId");
    setIsNewPatient(false);
  };

  const take = (place: Place) => {
    for (const [name, value] of Object.entries(timesOf(place))) form.setValue(name as "date", value);
    form.setValue("practitionerId", place.practitionerId);
    void submit();
  };

  const close = () => {
    draft.forget();
    onClose();
  };

  const picked = patientId ? { id: patientId, label: patientName } : null;
  return (
    <Dialog open onClose={onClose} heading={t("booking.heading")} closeLabel={t("action.close")}>
      <DraftNotice
        draft={draft}
        texts={{
          restored: (time) => t("draft.restored", { time: formatTime(time, clinic.timezone) }),
          discard: t("draft.discard"),
        }}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        noValidate
        className="grid gap-4"
      >
        {refusal && (
          <ConflictOffers
            problem={refusal}
            wanted={placeInForm(form.getValues())}
            onOpen={onOpen}
            onTake={take}
            onOverbook={submit}
          />
        )}
        {isNewPatient ? (
          <NewPatient
            place={placeInForm(form.getValues())}
            onRegistered={pick}
            onBack={() => setIsNewPatient(false)}
          />
        ) : (
          <PatientPicker
            isFirst
            value={picked}
            onChange={pick}
            error={errorText(form.formState.errors.patientId, t)}
            below={
              !picked && (
                <Button look="plain" className="mt-1" onClick={() => setIsNewPatient(true)}>
                  <UserPlus aria-hidden className="size-4" />
                  {t("booking.newPatient")}
                </Button>
              )
            }
          />
        )}
        <PlaceFields form={form} practitioners={practitioners} />
        <PurposeFields form={form} />
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="primary" busy={save.isPending} className="max-md:flex-1">
            {t("action.save")}
          </Button>
          <Button onClick={close} className="max-md:flex-1">
            {t("action.cancel")}
          </Button>
          {onSeries && (
            <Button
              look="plain"
              className="ms-auto"
              onClick={() => {
                draft.forget();
                onSeries(picked, placeInForm(form.getValues()));
              }}
            >
              <CalendarRange aria-hidden className="size-4" />
              {t("booking.series")}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** A restored draft may be of another place: the one that was chosen now holds. */
function useChosenPlace(form: UseFormReturn<BookingForm>, slot: Slot, practitionerId: string): void {
  const chosen = useRef({ ...timesOf(slot), practitionerId });
  const { setValue } = form;
  useEffect(() => {
    for (const [name, value] of Object.entries(chosen.current)) setValue(name as "date", value);
  }, [setValue]);
}
