/** Short confirmations. They never name a person: the screen may be seen from the waiting room. */
import { toast } from "sonner";
import { isTyping } from "./useSlashFocus";

export const said = (text: string): void => void toast.success(text);
export const saidProblem = (text: string): void => void toast.error(text);

const UNDO_MS = 8_000;

/** Until it has gone, the toast's button and Ctrl/⌘ Z take the step back. */
export function saidWithUndo(text: string, undoLabel: string, undo: () => void): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || isTyping(event.target)) return;
    event.preventDefault();
    toast.dismiss(shown);
    undo();
  };
  const end = () => document.removeEventListener("keydown", onKey);
  const shown = toast.success(text, {
    duration: UNDO_MS,
    action: { label: undoLabel, onClick: undo },
    onDismiss: end,
    onAutoClose: end,
  });
  document.addEventListener("keydown", onKey);
}
