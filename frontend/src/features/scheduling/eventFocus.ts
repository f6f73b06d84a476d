/**
 * FullCalendar draws an event anew whenever it changes, and the focus would be lost with the old one: who was on an
 * event stays on it, wherever it is drawn next.
 */
const ATTRIBUTE = "data-event";
const PATIENCE_MS = 1_500;

let wanted: string | null = null;
let patience: ReturnType<typeof setTimeout> | undefined;

/** The event with the focus, by its id. */
export const focusedEvent = (): string | null =>
  document.activeElement?.closest(`[${ATTRIBUTE}]`)?.getAttribute(ATTRIBUTE) ?? null;

export function focusEvent(id: string): void {
  const drawn = document.querySelector<HTMLElement>(`[${ATTRIBUTE}="${CSS.escape(id)}"]`);
  if (drawn) drawn.focus();
  else want(id);
}

export function keepFocusOn(drawn: HTMLElement, id: string): void {
  drawn.setAttribute(ATTRIBUTE, id);
  if (wanted !== id) return;
  wanted = null;
  drawn.focus({ preventScroll: true });
  drawn.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export function letGoOf(drawn: HTMLElement, id: string): void {
  if (drawn.contains(document.activeElement)) want(id);
}

/** Somebody who meanwhile went elsewhere is not fetched back. */
function want(id: string): void {
  wanted = id;
  clearTimeout(patience);
  patience = setTimeout(() => {
    wanted = null;
  }, PATIENCE_MS);
}
