/** Short confirmations. They never name a person: the screen may be seen from the waiting room. */
import { toast } from "sonner";
import { isTyping } from "./useSlashFocus";

export const said = (text: string): void => void toast.success(text);
export const saidProblem = (text: string): void => void toast.error(text);

const UNDO_MS = 8_000;

interface Step {
  toast: string | number;
  undo: () => void;
}

/** What can still be taken back, the newest last. */
let steps: Step[] = [];

function takeBackTheNewest(event: KeyboardEvent): void {
  const step = steps.at(-1);
  if (!step || event.key !== "z" || !(event.ctrlKey || event.metaKey) || isTyping(event.target)) return;
  event.preventDefault();
  toast.dismiss(step.toast);
  forget(step);
  step.undo();
}

function forget(step: Step): void {
  steps = steps.filter((kept) => kept !== step);
  if (steps.length === 0) document.removeEventListener("keydown", takeBackTheNewest);
}

/** Until it has gone, the toast's button takes the step back, and Ctrl/⌘ Z the newest of several. */
export function saidWithUndo(text: string, undoLabel: string, undo: () => void): void {
  const end = () => forget(step);
  const shown = toast.success(text, {
    duration: UNDO_MS,
    action: { label: undoLabel, onClick: undo },
    onDismiss: end,
    onAutoClose: end,
  });
  const step: Step = { toast: shown, undo };
  steps.push(step);
  document.addEventListener("keydown", takeBackTheNewest);
}
