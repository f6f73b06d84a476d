/**
 * Moves appointments at once and saves behind: what was moved is shown where it was put until the server has
 * answered, a refusal puts it back, and every move can be undone.
 */
import { useRef, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { changeAppointment } from "@/api/scheduling";
import type { Appointment } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { asItWas, isSamePlace, type Place, placeOf } from "./calendarMoves";
import { useDiaryRefresh, useShowAnswer, useToldWithUndo } from "./useUndo";

/** A move the server refused, and where it was to go. */
export interface RefusedMove {
  appointment: Appointment;
  wanted: Place;
  problem: Problem;
}

export interface Reschedule {
  /** Where things were put that the server has not answered for yet. */
  underWay: ReadonlyMap<string, Place>;
  refused: RefusedMove | null;
  forgetRefused: () => void;
  move: (appointment: Appointment, wanted: Place, overbook?: string) => Promise<void>;
  /** A step of several by keys: saved when the steps pause. */
  nudge: (appointment: Appointment, wanted: Place) => void;
}

const PAUSE_BETWEEN_STEPS_MS = 600;

export function useReschedule(): Reschedule {
  const { t } = useLanguage();
  const [underWay, setUnderWay] = useState<ReadonlyMap<string, Place>>(new Map());
  const [refused, setRefused] = useState<RefusedMove | null>(null);
  const steps = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const answers = useRef(new Map<string, Promise<Appointment | undefined>>());
  const refresh = useDiaryRefresh();
  const showAnswer = useShowAnswer();
  const toldWithUndo = useToldWithUndo();

  const put = (id: string, place: Place) => setUnderWay((before) => new Map(before).set(id, place));
  /** What has meanwhile been moved on stays where it is. */
  const release = (id: string, place: Place) =>
    setUnderWay((before) => new Map([...before].filter(([key, value]) => key !== id || value !== place)));

  const save = async (appointment: Appointment, wanted: Place, overbook?: string) => {
    const reason = overbook && { overbook: { reason: overbook } };
    const patch = { ...placeOf(wanted), ...reason };
    const moved = await changeAppointment(appointment.id, patch, appointment.version);
    await showAnswer(moved);
    toldWithUndo(t("appointment.moved"), () =>
      changeAppointment(appointment.id, asItWas(appointment), moved.version),
    );
    return moved;
  };

  const move = async (appointment: Appointment, wanted: Place, overbook?: string) => {
    const { id } = appointment;
    put(id, wanted);
    const before = await answers.current.get(id);
    const known = before && before.version > appointment.version ? before : appointment;
    if (isSamePlace(known, wanted)) return release(id, wanted);
    const answer = save(known, wanted, overbook);
    answers.current.set(
      id,
      answer.catch(() => undefined),
    );
    try {
      await answer;
    } catch (error) {
      setRefused({ appointment: known, wanted, problem: asProblem(error) });
      refresh();
    } finally {
      release(id, wanted);
    }
  };

  const nudge = (appointment: Appointment, wanted: Place) => {
    put(appointment.id, wanted);
    clearTimeout(steps.current.get(appointment.id));
    steps.current.set(
      appointment.id,
      setTimeout(() => void move(appointment, wanted), PAUSE_BETWEEN_STEPS_MS),
    );
  };

  return { underWay, refused, forgetRefused: () => setRefused(null), move, nudge };
}
