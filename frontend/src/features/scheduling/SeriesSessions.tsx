/** The sessions of a plan, each free or with what is in its way: taken elsewhere, moved by hand, dropped. */
import { Check, Pencil, Plus, RotateCcw, Trash2, TriangleAlert, WandSparkles } from "lucide-react";
import { type RefObject, useState } from "react";
import { clinic } from "@/api/clinic";
import type { SeriesConflict } from "@/api/types";
import { toInstant, toWallTime } from "@/i18n/clinicTime";
import { formatTime, formatTimeRange } from "@/i18n/format";
import { type Translate, useLanguage } from "@/i18n/language";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { TextField } from "@/ui/Field";
import { Badge } from "@/ui/surface";
import { dayText, momentText } from "./dayText";
import {
  dropped,
  isFree,
  isTaken,
  MOST_SESSIONS,
  moved,
  repaired,
  type SeriesForm,
  type Session,
  withOneMore,
} from "./seriesPlan";

interface SeriesSessionsProps {
  headingRef: RefObject<HTMLHeadingElement>;
  sessions: Session[];
  form: SeriesForm;
  isChecking: boolean;
  /** These starts from now on, or null for those of the rule. */
  onChoose: (starts: string[] | null) => void;
}

export function SeriesSessions({ headingRef, sessions, form, isChecking, onChoose }: SeriesSessionsProps) {
  const { t } = useLanguage();
  const [edited, setEdited] = useState<string | null>(null);
  const starts = sessions.map(({ startsAt }) => startsAt);
  const taken = sessions.filter(isTaken).length;
  const repairable = sessions.flatMap(({ occurrence }) => (occurrence?.instead ? [occurrence] : [])).length;
  const choose = (next: string[] | null) => {
    setEdited(null);
    onChoose(next);
    headingRef.current?.focus({ preventScroll: true });
  };
  if (sessions.length === 0) {
    return (
      <p className="rounded-field bg-sunken px-4 py-5 text-center text-soft">{t("series.incomplete")}</p>
    );
  }
  const occurrences = sessions.flatMap(({ occurrence }) => occurrence ?? []);
  return (
    <section aria-busy={isChecking}>
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h3 ref={headingRef} tabIndex={-1} className="font-semibold outline-none">
          {t("series.sessions", { count: sessions.length })}
        </h3>
        <span aria-live="polite">
          {taken > 0 ? (
            <Badge tone="warn">{t("series.taken", { count: taken })}</Badge>
          ) : (
            sessions.every(isFree) && <Badge tone="ok">{t("series.allFree")}</Badge>
          )}
        </span>
        <span className="ms-auto flex flex-wrap gap-2 max-md:w-full">
          {repairable > 1 && occurrences.length === sessions.length && (
            <Button onClick={() => choose(repaired(occurrences))} className="max-md:flex-1">
              <WandSparkles aria-hidden className="size-4" />
              {t("series.takeAll", { count: repairable })}
            </Button>
          )}
          {form.sessions && (
            <Button onClick={() => choose(null)} className="max-md:flex-1">
              <RotateCcw aria-hidden className="size-4" />
              {t("series.asRule")}
            </Button>
          )}
        </span>
      </div>
      <ol
        className={classes(
          "divide-y divide-line rounded-field border border-line transition-opacity",
          isChecking && "opacity-60",
        )}
      >
        {sessions.map((session, number) => (
          <li key={session.startsAt} className={classes("px-3 py-2", isTaken(session) && "bg-warn-soft/50")}>
            {edited === session.startsAt ? (
              <SessionEditor
                startsAt={session.startsAt}
                onMove={(to) => choose(moved(starts, session.startsAt, to))}
                onCancel={() => setEdited(null)}
              />
            ) : (
              <SessionRow
                number={number + 1}
                session={session}
                onTake={(to) => choose(moved(starts, session.startsAt, to))}
                onEdit={() => setEdited(session.startsAt)}
                onDrop={() => choose(dropped(starts, session.startsAt))}
                isOnly={sessions.length === 1}
              />
            )}
          </li>
        ))}
      </ol>
      {sessions.length < MOST_SESSIONS && form.sessions && (
        <Button look="plain" onClick={() => choose(withOneMore(starts, form))} className="mt-1">
          <Plus aria-hidden className="size-4" />
          {t("series.oneMore")}
        </Button>
      )}
    </section>
  );
}

interface SessionRowProps {
  number: number;
  session: Session;
  onTake: (startsAt: string) => void;
  onEdit: () => void;
  onDrop: () => void;
  isOnly: boolean;
}

function SessionRow({ number, session, onTake, onEdit, onDrop, isOnly }: SessionRowProps) {
  const { t } = useLanguage();
  const { startsAt, occurrence, error } = session;
  const when = momentText(startsAt);
  const instead = occurrence?.conflict ? occurrence.instead : null;
  return (
    <div className="flex flex-wrap items-center gap-x-3">
      <span className="w-6 text-right text-sm text-soft tabular-nums">{number}</span>
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3">
        <span className="font-medium whitespace-nowrap first-letter:uppercase">{dayText(startsAt)}</span>
        <span className="whitespace-nowrap text-soft tabular-nums">
          {occurrence
            ? formatTimeRange(startsAt, occurrence.endsAt, clinic.timezone)
            : formatTime(startsAt, clinic.timezone)}
        </span>
        {isFree(session) && (
          <Badge tone="ok">
            <Check aria-hidden className="size-3.5" />
            {t("series.free")}
          </Badge>
        )}
      </span>
      <span className="flex">
        <IconButton label={t("series.edit", { when })} onClick={onEdit}>
          <Pencil aria-hidden className="size-4" />
        </IconButton>
        <IconButton label={t("series.drop", { when })} onClick={onDrop} disabled={isOnly}>
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      </span>
      {isTaken(session) && (
        <span className="flex basis-full flex-wrap items-center gap-x-3 gap-y-1 pb-1 ps-9">
          <span className="flex min-w-0 flex-1 basis-52 items-start gap-2 text-warn">
            <TriangleAlert aria-hidden className="mt-1 size-4 shrink-0" />
            <span className="wrap-anywhere">
              {error ?? (occurrence?.conflict && conflictText(occurrence.conflict as SeriesConflict, t))}
            </span>
          </span>
          {instead ? (
            <Button
              onClick={() => onTake(instead)}
              aria-label={t("series.take.of", {
                when,
                instead: momentText(instead),
              })}
            >
              {t("series.take", { instead: insteadText(startsAt, instead) })}
            </Button>
          ) : (
            <span className="text-sm text-soft">{!error && t("series.nothingNear")}</span>
          )}
        </span>
      )}
    </div>
  );
}

/** On the same day only the hour differs. */
function insteadText(startsAt: string, instead: string): string {
  const [before, after] = [startsAt, instead].map((instant) => toWallTime(instant, clinic.timezone));
  return before?.date === after?.date ? (after?.time ?? "") : `${dayText(instead)}, ${after?.time}`;
}

function conflictText(
  { title, startsAt, endsAt, with: who, timeOffId }: SeriesConflict,
  t: Translate,
): string {
  const span = formatTimeRange(startsAt, endsAt, clinic.timezone);
  if (timeOffId) return t(who === "clinic" ? "series.closed" : "series.away", { title: title || "–" });
  return t(who === "patient" ? "series.conflict.patient" : "series.conflict.practitioner", {
    title: title || "–",
    span,
  });
}

interface SessionEditorProps {
  startsAt: string;
  onMove: (startsAt: string) => void;
  onCancel: () => void;
}

function SessionEditor({ startsAt, onMove, onCancel }: SessionEditorProps) {
  const { t } = useLanguage();
  const [wall, setWall] = useState(() => toWallTime(startsAt, clinic.timezone));
  const [error, setError] = useState<string>();
  const apply = () => {
    if (!wall.date || !wall.time) return setError(t("form.required"));
    const instant = toInstant(wall, clinic.timezone);
    if (!instant) return setError(t("booking.skippedTime"));
    onMove(instant);
  };
  return (
    <fieldset
      aria-label={t("series.editing")}
      className="flex flex-wrap items-end gap-3 py-1"
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          onCancel();
        }
        if (event.key !== "Enter" || event.target instanceof HTMLButtonElement) return;
        event.preventDefault();
        apply();
      }}
    >
      <TextField
        autoFocus
        label={t("booking.date")}
        type="date"
        value={wall.date}
        onChange={({ target }) => setWall({ ...wall, date: target.value })}
        error={error}
        className="min-w-36 flex-1"
      />
      <TextField
        label={t("booking.start")}
        type="time"
        step={300}
        value={wall.time}
        onChange={({ target }) => setWall({ ...wall, time: target.value })}
        className="min-w-28 flex-1"
      />
      <span className="flex gap-2">
        <Button look="primary" onClick={apply}>
          {t("series.apply")}
        </Button>
        <Button onClick={onCancel}>{t("action.cancel")}</Button>
      </span>
    </fieldset>
  );
}
