/** Switches the language on the screens and keeps the choice with the signed-in user. */
import { useQueryClient } from "@tanstack/react-query";
import { keepLocale } from "@/api/identity";
import { meQuery } from "@/api/me";
import { accessToken } from "@/api/session";
import { type Locale, switchLanguage } from "@/i18n/language";

export function useSwitchLanguage(): (locale: Locale) => Promise<void> {
  const queryClient = useQueryClient();
  return async (locale) => {
    await switchLanguage(locale);
    if (!accessToken()) return;
    // Chosen at once for every screen that asks who is signed in, before the server has kept it.
    queryClient.setQueryData(meQuery.queryKey, (me) => me && { ...me, locale });
    // Not being able to keep it costs nothing now: the cookie remembers it on this device.
    const kept = await keepLocale(locale).catch(() => null);
    if (kept) queryClient.setQueryData(meQuery.queryKey, kept);
  };
}
