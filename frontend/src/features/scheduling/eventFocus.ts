/**
 * FullCalendar draws an event anew whenever it changes, and the focus would be lost with the old one: who was on an
 * event stays on it, wherever and however late it is drawn next, unless they meanwhile went elsewhere.
 */
const ATTRIBUTE = "data-event";

let wanted: string | null = null;

/** The event with the focus, or that is to have it once it is drawn, by its id. */
export const focusedEvent = (): string | null =>
  document.activeElement?.closest(`[${ATTRIBUTE}]`)?.getAttribute(ATTRIBUTE) ?? wanted;

export function focusEvent(id: string): void {
  const drawn = document.querySelector<HTMLElement>(`[${ATTRIBUTE}="${CSS.escape(id)}"]`);
  if (drawn) drawn.focus();
  else want(id);
}

export function keepFocusOn(drawn: HTMLElement, id: string): void {
  drawn.setAttribute(ATTRIBUTE, id);
  if (wanted !== id) return;
  forget();
  drawn.focus({ preventScroll: true });
  drawn.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export function letGoOf(drawn: HTMLElement, id: string): void {
  if (drawn.contains(document.activeElement)) want(id);
}

function want(id: string): void {
  wanted = id;
  document.addEventListener("pointerdown", forget);
  document.addEventListener("keydown", forgetUnlessMoving);
}

function forget(): void {
  wanted = null;
  document.removeEventListener("pointerdown", forget);
  document.removeEventListener("keydown", forgetUnlessMoving);
}

/** Steps by Alt and an arrow are for the event, also while it is being drawn. */
function forgetUnlessMoving(event: KeyboardEvent): void {
  if (!event.altKey && event.key !== "Alt") forget();
}
