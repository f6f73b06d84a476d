/** Whether the screen has room for the desk's layout (Tailwind's md and up). */
import { useSyncExternalStore } from "react";

const wide = window.matchMedia("(min-width: 48rem)");

export const isWide = (): boolean => wide.matches;

export function useIsWide(): boolean {
  return useSyncExternalStore((listener) => {
    wide.addEventListener("change", listener);
    return () => wide.removeEventListener("change", listener);
  }, isWide);
}
