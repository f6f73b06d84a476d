/** What can be done about a refused time: see what is in the way, take a free time near it, or overbook with a reason. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { clinic } from "@/api/clinic";
import { mayOverbook, useMe } from "@/api/me";
import type { Problem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import type { AppointmentConflict } from "@/api/types";
import { formatDay, formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { Notice } from "@/ui/surface";
import { nearestStarts, type Place, startedAt } from "./calendarMoves";
import { freeStartsQuery } from "./FreeStarts";
import { dayOf } from "./slots";

interface ConflictOffersProps {
  problem: Problem;
  wanted: Place;
  onOpen: (appointmentId: string) => void;
  onTake: (place: Place) => void;
  onOverbook: (reason: string) => void;
}

const OFFERED = 3;
const CONFLICTS = {
  patient: "booking.conflict.patient",
  practitioner: "booking.conflict.practitioner",
  clinic: "booking.conflict.clinic",
} as const;

export function ConflictOffers({ problem, wanted, onOpen, onTake, onOverbook }: ConflictOffersProps) {
  const { t } = useLanguage();
  const me = useMe();
  const conflict = problem.member<AppointmentConflict>("conflict");
  const inTheWay = conflict?.appointmentId;
  return (
    <div className="grid gap-3">
      <Notice tone="danger" urgent heading={problemText(problem)}>
        {problem.status === 412 && t("appointment.stale")}
        {conflict && !conflict.timeOffId && t(CONFLICTS[conflict.with])}
      </Notice>
      {conflict && (
        <div className="flex flex-wrap gap-2">
          {inTheWay && <Button onClick={() => onOpen(inTheWay)}>{t("booking.conflict.open")}</Button>}
          <NearestStarts wanted={wanted} onTake={onTake} />
        </div>
      )}
      {conflict && mayOverbook(me) && <Overbooking onOverbook={onOverbook} />}
    </div>
  );
}

function NearestStarts({ wanted, onTake }: Pick<ConflictOffersProps, "wanted" | "onTake">) {
  const { t } = useLanguage();
  const minutes = (Date.parse(wanted.endsAt) - Date.parse(wanted.startsAt)) / 60_000;
  const date = dayOf(wanted.startsAt);
  const free = useQuery(freeStartsQuery(wanted.practitionerId, date, minutes)).data ?? [];
  return nearestStarts(free, wanted.startsAt, OFFERED).map(({ startsAt }) => (
    <Button key={startsAt} onClick={() => onTake(startedAt(wanted, startsAt))}>
      {t("booking.conflict.take", {
        when:
          dayOf(startsAt) === date
            ? formatTime(startsAt, clinic.timezone)
            : `${formatDay(startsAt, clinic.timezone)} ${formatTime(startsAt, clinic.timezone)}`,
      })}
    </Button>
  ));
}

/** No form of its own: it stands inside the form of the booking too. */
function Overbooking({ onOverbook }: Pick<ConflictOffersProps, "onOverbook">) {
  const { t } = useLanguage();
  const [isAsked, setIsAsked] = useState(false);
  const [reason, setReason] = useState("");
  const [isMissing, setIsMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const confirm = (event: Pick<FormEvent, "preventDefault">) => {
    event.preventDefault();
    setIsMissing(reason.trim() === "");
    if (reason.trim() === "") return field.current?.focus();
    onOverbook(reason.trim());
  };
  if (!isAsked)
    return (
      <p>
        <Button look="link" onClick={() => setIsAsked(true)}>
          {t("booking.overbook")}
        </Button>
      </p>
    );
  return (
    <div className="flex flex-wrap items-end gap-3">
      <TextField
        ref={field}
        label={t("booking.overbook.reason")}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && confirm(event)}
        error={isMissing ? t("form.required") : undefined}
        maxLength={500}
        required
        autoFocus
        className="flex-1 basis-56"
      />
      <Button look="danger" onClick={confirm}>
        {t("booking.overbook.confirm")}
      </Button>
    </div>
  );
}
