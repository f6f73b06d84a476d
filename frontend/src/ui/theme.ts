/** Light, dark or the system's colour scheme, and the clinic's accent colour. `public/theme.js` paints the first one. */
import { useSyncExternalStore } from "react";
import { readableOn, readableText } from "./colour";

export type Theme = "light" | "dark" | "system";

const KEY = "clinic.theme";
const systemDark = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

const chosen = (): Theme => (localStorage.getItem(KEY) as Theme | null) ?? "system";

function paint(): void {
  const dark = chosen() === "dark" || (chosen() === "system" && systemDark.matches);
  document.documentElement.classList.toggle("dark", dark);
  document.documentElement.dataset.colorScheme = dark ? "dark" : "light";
}
systemDark.addEventListener("change", paint);

export function chooseTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  paint();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, chosen);
}

export function wearAccent(colour: string): void {
  const { style } = document.documentElement;
  style.setProperty("--accent", colour);
  style.setProperty("--on-accent", readableOn(colour));
  style.setProperty("--accent-on-light", readableText(colour, "#eef2f0"));
  style.setProperty("--accent-on-dark", readableText(colour, "#1d2725"));
}
