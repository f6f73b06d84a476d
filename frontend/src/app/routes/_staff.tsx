/** Everything behind the door: without a session to the sign-in screen, with one the shell. */
import { createFileRoute, redirect } from "@tanstack/react-router";
import { meQuery } from "@/api/me";
import { accessToken } from "@/api/session";
import { switchLanguage } from "@/i18n/language";
import { Shell } from "../shell/Shell";

export const Route = createFileRoute("/_staff")({
  beforeLoad: async ({ context, location }) => {
    const signIn = () =>
      redirect({ to: "/login", search: location.href === "/" ? {} : { to: location.href } });
    if (!accessToken()) throw signIn();
    const me = await context.queryClient.ensureQueryData(meQuery).catch((error) => {
      if (!accessToken()) throw signIn();
      throw error;
    });
    await switchLanguage(me.locale);
    return { me };
  },
  component: Shell,
});
