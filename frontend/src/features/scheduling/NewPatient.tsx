/** Registers somebody who is on the phone now, inside the booking: a name is enough, the card can wait. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useRef, useState } from "react";
import { registerPatient } from "@/api/patients";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import type { LikelyMatch } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import type { Pick } from "@/ui/SearchPicker";
import { Notice } from "@/ui/surface";
import type { Place } from "./calendarMoves";

interface NewPatientProps {
  /** Where the booking is to be, for those who fill in the whole card first. */
  place: Place;
  onRegistered: (patient: Pick) => void;
  onBack: () => void;
}

const EMPTY = { firstName: "", lastName: "", phone: "" };

/** Not a form: it stands inside the one of the booking. */
export function NewPatient({ place, onRegistered, onBack }: NewPatientProps) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const [card, setCard] = useState(EMPTY);
  const [isChecked, setIsChecked] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const save = useMutation({
    mutationFn: (force: boolean) => {
      const { firstName, lastName, phone } = card;
      const input = { firstName: firstName.trim(), lastName: lastName.trim(), phone: phone.trim() || null };
      return withKey((key) => registerPatient(input, force, key));
    },
    onSuccess: ({ id, fullName }) => {
      void queryClient.invalidateQueries({ queryKey: ["patients"] });
      onRegistered({ id, label: fullName });
    },
  });
  const refusal = save.error ? asProblem(save.error) : null;
  const matches =
    refusal?.code === "patient-likely-duplicate" ? refusal.member<LikelyMatch[]>("matches") : null;
  const missing = (name: "firstName" | "lastName") =>
    isChecked && card[name].trim() === "" ? t("form.required") : undefined;
  const violation = (name: string) =>
    refusal?.violations.find(({ propertyPath }) => propertyPath === name)?.message;

  const register = (force = false) => {
    setIsChecked(true);
    if (card.firstName.trim() === "" || card.lastName.trim() === "") return first.current?.focus();
    if (!save.isPending) save.mutate(force);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    register();
  };
  const field = (name: keyof typeof EMPTY) => ({
    value: card[name],
    onChange: (event: { target: { value: string } }) => setCard({ ...card, [name]: event.target.value }),
    onKeyDown,
    autoComplete: "off",
  });

  return (
    <fieldset className="grid gap-4 rounded-field border border-line p-4">
      <legend className="px-1 font-semibold">{t("booking.newPatient")}</legend>
      {refusal && !matches && refusal.violations.length === 0 && (
        <Notice tone="danger" urgent>
          {problemText(refusal)}
        </Notice>
      )}
      <div className="grid gap-4 md:grid-cols-2">
        <TextField
          {...field("firstName")}
          ref={first}
          label={t("patient.firstName")}
          error={missing("firstName") ?? violation("firstName")}
          autoFocus
          required
        />
        <TextField
          {...field("lastName")}
          label={t("patient.lastName")}
          error={missing("lastName") ?? violation("lastName")}
          required
        />
      </div>
      <TextField {...field("phone")} label={t("patient.phone")} error={violation("phone")} type="tel" />
      {matches && <Matches matches={matches} onKnown={onRegistered} />}
      <div className="flex flex-wrap gap-3">
        <Button look="primary" busy={save.isPending} onClick={() => register(Boolean(matches))}>
          {t(matches ? "duplicate.force" : "booking.newPatient.save")}
        </Button>
        <Button onClick={onBack}>{t("action.back")}</Button>
        <Link
          to="/patients/new"
          search={{ book: place.startsAt, practitioner: place.practitionerId }}
          className={buttonLook("plain", "ms-auto")}
        >
          {t("booking.newPatient.wholeCard")}
        </Link>
      </div>
    </fieldset>
  );
}

function Matches({ matches, onKnown }: { matches: LikelyMatch[]; onKnown: (patient: Pick) => void }) {
  const { t } = useLanguage();
  return (
    <Notice tone="warn" urgent heading={t("duplicate.heading", { count: matches.length })}>
      <ul className="mt-2 grid gap-2">
        {matches.map(({ id, fullName, number, phone, dateOfBirth }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="min-w-0 flex-1 basis-44">
              <span className="block font-medium">{fullName}</span>
              <span className="block text-sm text-soft">
                {[`#${number}`, phone, dateOfBirth && formatDate(dateOfBirth)].filter(Boolean).join(" · ")}
              </span>
            </span>
            <Button onClick={() => onKnown({ id, label: fullName })}>{t("duplicate.known")}</Button>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
