/** Books an appointment: prefilled from the place that was clicked; a refusal shows what is in the way. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { listPatients } from "@/api/patients";
import { asProblem, type Problem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import { book } from "@/api/scheduling";
import type { Appointment, AppointmentConflict, Practitioner } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { toInstant } from "@/i18n/clinicTime";
import { errorText } from "@/i18n/errorText";
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Select, TextArea, TextField } from "@/ui/Field";
import { type Pick, SearchPicker } from "@/ui/SearchPicker";
import { Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { showViolations } from "@/ui/violations";
import { type BookingForm, bookingSchema, emptyBooking, movedEnd, toAppointmentInput } from "./bookingForm";
import type { Slot } from "./slots";

interface BookingDialogProps {
  slot: Slot;
  practitionerId: string;
  practitioners: readonly Practitioner[];
  patient: Pick | null;
  onClose: () => void;
  onBooked: (appointment: Appointment) => void;
}

async function findPatients(search: string, signal: AbortSignal): Promise<Pick[]> {
  const found = await listPatients({ search, status: "active", itemsPerPage: 8 }, signal);
  return found.member.map(({ id, fullName, phone, dateOfBirth, number }) => ({
    id,
    label: fullName,
    detail: [`#${number}`, phone, dateOfBirth && formatDate(dateOfBirth)].filter(Boolean).join(" · "),
  }));
}

export function BookingDialog({
  slot,
  practitionerId,
  practitioners,
  patient,
  onClose,
  onBooked,
}: BookingDialogProps) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const [picked, setPicked] = useState(patient);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const form = useForm<BookingForm>({
    resolver: zodResolver(bookingSchema),
    defaultValues: emptyBooking(slot, practitionerId, patient?.id ?? null),
  });
  const errors = form.formState.errors;

  const save = useMutation({
    mutationFn: (values: BookingForm) => withKey((key) => book(toAppointmentInput(values), key)),
    onSuccess: async (booked) => {
      void queryClient.invalidateQueries({ queryKey: ["dashboard"] });
      await queryClient.invalidateQueries({ queryKey: ["appointments"] });
      said(t("booking.saved"));
      onBooked(booked);
    },
    onError: (error) => {
      const problem = asProblem(error);
      const homeless = showViolations(form, problem.violations);
      const hasPlace = problem.violations.length > 0 && homeless.length === 0;
      setRefusal(hasPlace ? null : problem);
    },
  });

  const submit = form.handleSubmit((values) => {
    setRefusal(null);
    if (!save.isPending) save.mutate(values);
  });

  const pick = (choice: Pick | null) => {
    setPicked(choice);
    form.setValue("patientId", choice?.id ?? null, { shouldDirty: true });
    form.clearErrors("patientId");
  };

  const start = form.register("startsAt");
  return (
    <Dialog open onClose={onClose} heading={t("booking.heading")} closeLabel={t("action.close")}>
      <form onSubmit={submit} noValidate className="grid gap-4">
        {refusal && <Refusal refusal={refusal} />}
        <SearchPicker
          isFirst
          label={t("booking.patient")}
          value={picked}
          onChange={pick}
          searchKey="patients"
          search={findPatients}
          error={errorText(errors.patientId, t)}
          texts={{
            placeholder: t("booking.patient.placeholder"),
            nothing: t("patients.nothingFound"),
            clear: t("booking.patient.clear"),
          }}
          below={
            !picked && (
              <Link
                to="/patients/new"
                search={() => {
                  const { date, startsAt, practitionerId: who } = form.getValues();
                  const at = toInstant({ date, time: startsAt }, clinic.timezone) ?? slot.startsAt;
                  return { book: at, practitioner: who };
                }}
                className="mt-1 inline-flex min-h-11 items-center gap-2 font-medium text-accent-text"
              >
                <UserPlus aria-hidden className="size-4" />
                {t("booking.newPatient")}
              </Link>
            )
          }
        />
        <div className="grid grid-cols-2 gap-4 md:grid-cols-3">
          <TextField
            {...form.register("date")}
            label={t("booking.date")}
            error={errorText(errors.date, t)}
            type="date"
            required
            className="max-md:col-span-2"
          />
          <TextField
            {...start}
            onChange={(event) => {
              const { startsAt, endsAt } = form.getValues();
              form.setValue("endsAt", movedEnd(startsAt, event.target.value, endsAt));
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
        </div>
        <div className="grid gap-4 md:grid-cols-2">
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
          <Select {...form.register("type")} label={t("booking.type")} error={errorText(errors.type, t)}>
            <option value="appointment">{t("booking.type.appointment")}</option>
            <option value="other">{t("booking.type.other")}</option>
          </Select>
        </div>
        <TextField
          {...form.register("title")}
          label={t("booking.title")}
          hint={t("booking.title.hint")}
          error={errorText(errors.title, t)}
          autoComplete="off"
        />
        <TextArea
          {...form.register("notes")}
          label={t("booking.notes")}
          error={errorText(errors.notes, t)}
          rows={2}
        />
        <div className="flex gap-3">
          <Button type="submit" look="primary" busy={save.isPending} className="max-md:flex-1">
            {t("action.save")}
          </Button>
          <Button onClick={onClose} className="max-md:flex-1">
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Refusal({ refusal }: { refusal: Problem }) {
  const { t } = useLanguage();
  const conflict = refusal.member<AppointmentConflict>("conflict");
  return (
    <Notice tone="danger" urgent heading={problemText(refusal)}>
      {conflict &&
        t(conflict.with === "patient" ? "booking.conflict.patient" : "booking.conflict.practitioner")}
    </Notice>
  );
}
