/** The language on the screens: one catalogue in memory, switched without a reload, read by React and by the API client. */
import { useSyncExternalStore } from "react";
import type en from "./en.json";
import { formatMessage, type MessageValues } from "./message";

export type Locale = "en" | "es";
export type MessageKey = keyof typeof en;
export type Translate = (key: MessageKey, values?: MessageValues) => string;
interface Language {
  locale: Locale;
  texts: Record<string, string>;
}

export const LOCALES: readonly Locale[] = ["en", "es"];
/** The regional form numbers and dates are written in: the clinic is European, so English is British. */
export const REGION: Record<Locale, string> = { en: "en-GB", es: "es-ES" };

let language: Language = { locale: "es", texts: {} };
const listeners = new Set<() => void>();

export const isLocale = (value: unknown): value is Locale => LOCALES.includes(value as Locale);
export const currentLocale = (): Locale => language.locale;

export function speak(locale: Locale, texts: Record<string, string>): void {
  language = { locale, texts };
  document.documentElement.lang = locale;
  for (const listener of listeners) listener();
}

export async function switchLanguage(locale: Locale): Promise<void> {
  // The gateway reads this cookie to put the right catalogue in the next page.
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and on plain http
  document.cookie = `clinic_locale=${locale}; path=/; max-age=31536000; samesite=strict`;
  if (locale !== language.locale || Object.keys(language.texts).length === 0) {
    speak(locale, await fetchCatalogue(locale));
  }
}

/** Awaited before the first render, so no screen is ever painted in the wrong language. */
export async function startLanguage(fallback: Locale): Promise<void> {
  const inPage: Partial<Language> = JSON.parse(
    document.getElementById("clinic-catalogue")?.textContent || "{}",
  );
  if (isLocale(inPage.locale) && inPage.texts) return speak(inPage.locale, inPage.texts);
  const wanted = [/clinic_locale=(\w+)/.exec(document.cookie)?.[1], navigator.language.slice(0, 2)];
  const locale = wanted.find(isLocale) ?? fallback;
  speak(locale, await fetchCatalogue(locale));
}

async function fetchCatalogue(locale: Locale): Promise<Record<string, string>> {
  const response = await fetch(`/i18n/${locale}.json`);
  if (!response.ok) throw new Error(`catalogue ${locale}: ${response.status}`);
  return response.json();
}

export const translate: Translate = (key, values = {}) => {
  const pattern = language.texts[key];
  return pattern === undefined ? key : formatMessage(pattern, values, language.locale);
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLanguage(): { locale: Locale; t: Translate } {
  const { locale } = useSyncExternalStore(subscribe, () => language);
  return { locale, t: translate };
}
