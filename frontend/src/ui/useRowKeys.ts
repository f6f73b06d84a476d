/** Arrows move between a list's search box and its rows; a row's link carries `data-row`. */
import type { KeyboardEvent, RefObject } from "react";

export const rowLinks = (rows: HTMLElement | null): HTMLAnchorElement[] => [
  ...(rows?.querySelectorAll<HTMLAnchorElement>("a[data-row]") ?? []),
];

/** For the `onKeyDown` of what holds both. */
export function useRowKeys(
  searchBox: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [searchBox.current, ...rowLinks(list.current)];
    const here = stops.indexOf(document.activeElement as HTMLElement);
    const next = here < 0 ? null : stops[here + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
}
