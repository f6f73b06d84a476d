/** The calendar's keys. They are quiet while somebody types or a dialog is open, and can be switched off. */
import { useEffect, useRef, useState } from "react";
import { isTyping } from "@/ui/useSlashFocus";
import type { CalendarView } from "./calendarDays";
import { focusedEvent } from "./eventFocus";

export interface KeyActions {
  today: () => void;
  step: (direction: 1 | -1) => void;
  show: (view: CalendarView) => void;
  create: () => void;
  search: () => void;
  help: () => void;
  /** The event with the focus, by slots down (negative: up) and by columns or days to the right. */
  moveEvent: (id: string, slots: number, across: number) => void;
}

const OFF = "clinic.calendar-keys.off";

/** Whether the keys are on in this browser, and the switch. */
export function useKeysSwitch(): [boolean, (on: boolean) => void] {
  const [isOn, setIsOn] = useState(() => localStorage.getItem(OFF) === null);
  const turn = (on: boolean) => {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    setIsOn(on);
  };
  return [isOn, turn];
}

const ARROWS: Record<string, [slots: number, across: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function useCalendarKeys(isOn: boolean, actions: KeyActions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    if (!isOn) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || isTyping(event.target) || hasDialog()) return;
      if (event.repeat && !event.altKey) return;
      const answer = event.altKey ? forMoving(event.key, latest.current) : forKey(event.key, latest.current);
      if (!answer) return;
      event.preventDefault();
      answer();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [isOn]);
}

const hasDialog = () => document.querySelector("[role=dialog]") !== null;

function forKey(key: string, actions: KeyActions): (() => void) | undefined {
  const answers: Record<string, () => void> = {
    t: actions.today,
    d: () => actions.show("day"),
    w: () => actions.show("week"),
    m: () => actions.show("month"),
    a: () => actions.show("list"),
    j: () => actions.step(1),
    k: () => actions.step(-1),
    n: actions.create,
    c: actions.create,
    "/": actions.search,
    "?": actions.help,
  };
  return answers[key.toLowerCase()];
}

function forMoving(key: string, actions: KeyActions): (() => void) | undefined {
  const arrow = ARROWS[key];
  const id = focusedEvent();
  return arrow && id ? () => actions.moveEvent(id, ...arrow) : undefined;
}
