/** One person on the waiting list: what for, since when, whom to call, and what can be done. */
import { Link } from "@tanstack/react-router";
import { CalendarPlus, Pencil, RotateCcw, UserX } from "lucide-react";
import { useId, useState } from "react";
import type { WaitingEntry } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Button, IconButton } from "@/ui/Button";
import { Badge } from "@/ui/surface";
import { useWaitAgain, useWithdrawal } from "./useWaiting";
import { WaitingTimes } from "./WaitingTimes";
import { WaitingSince, WaitingWish } from "./WaitingWish";

const TONES = { waiting: "accent", booked: "ok", withdrawn: "neutral", expired: "warn" } as const;

interface WaitingRowProps {
  entry: WaitingEntry;
  onEdit: () => void;
  /** On the patient's own page her name and phone need not be said again. */
  isOfPage?: boolean;
}

export function WaitingRow({ entry, onEdit, isOfPage = false }: WaitingRowProps) {
  const { t } = useLanguage();
  const times = useId();
  const [isOpen, setIsOpen] = useState(false);
  const withdrawal = useWithdrawal();
  const again = useWaitAgain();
  const name = entry.patientName ?? "–";
  const isWaiting = entry.status === "waiting";
  return (
    <li className={isOfPage ? "py-2" : "px-4 py-3 md:px-5"}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1 basis-64">
          {!isOfPage && (
            <p className="flex flex-wrap items-center gap-x-3">
              <Link
                to="/patients/$patientId"
                params={{ patientId: entry.patientId }}
                className="font-medium underline-offset-4 wrap-anywhere hover:underline"
              >
                {name}
              </Link>
              {entry.phone && (
                <a
                  href={`tel:${entry.phone.replace(/\s/g, "")}`}
                  className="inline-flex items-center text-accent-text underline-offset-4 hover:underline touch:min-h-11"
                >
                  {entry.phone}
                </a>
              )}
              {!isWaiting && <Badge tone={TONES[entry.status]}>{t(`waiting.status.${entry.status}`)}</Badge>}
            </p>
          )}
          <p className="wrap-anywhere">
            <WaitingWish entry={entry} />
          </p>
          <p className="text-sm text-soft wrap-anywhere">
            <WaitingSince entry={entry} />
            {entry.notes && ` · ${entry.notes}`}
          </p>
        </div>
        {isWaiting && (
          <span className="flex items-center max-md:w-full">
            <Button
              aria-expanded={isOpen}
              aria-controls={times}
              onClick={() => setIsOpen(!isOpen)}
              className="me-1 max-md:flex-1"
            >
              <CalendarPlus aria-hidden className="size-4 text-accent-text" />
              {t("waiting.times")}
            </Button>
            <IconButton label={t("waiting.edit.of", { name })} onClick={onEdit}>
              <Pencil aria-hidden className="size-4" />
            </IconButton>
            <IconButton
              label={t("waiting.withdraw.of", { name })}
              onClick={() => !withdrawal.isPending && withdrawal.mutate(entry)}
            >
              <UserX aria-hidden className="size-4.5" />
            </IconButton>
          </span>
        )}
        {!isWaiting && entry.status !== "expired" && (
          <Button busy={again.isPending} onClick={() => again.mutate(entry)} className="max-md:w-full">
            <RotateCcw aria-hidden className="size-4" />
            {t("waiting.again")}
          </Button>
        )}
        {entry.status === "expired" && (
          <Button onClick={onEdit} className="max-md:w-full">
            <Pencil aria-hidden className="size-4" />
            {t("action.edit")}
          </Button>
        )}
      </div>
      <div id={times} className="mt-2 empty:hidden">
        {isOpen && isWaiting && <WaitingTimes entry={entry} />}
      </div>
    </li>
  );
}
