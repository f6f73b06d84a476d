/** The door: one form that password managers understand and one general error. */
import { useQueryClient } from "@tanstack/react-query";
import { Eye, EyeOff } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { clinic } from "@/api/clinic";
import { keepLocale } from "@/api/identity";
import { meQuery } from "@/api/me";
import { asProblem, type Problem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import { signIn } from "@/api/session";
import { currentLocale, LOCALES, type Locale, switchLanguage, translate, useLanguage } from "@/i18n/language";
import { Button, IconButton } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { Choice } from "@/ui/ListControls";
import { Notice } from "@/ui/surface";
import { useTitle } from "@/ui/useTitle";

const LANGUAGE_NAMES: Record<Locale, string> = { en: "English", es: "Español" };

function refusalText(problem: Problem): string {
  if (problem.status === 401) return translate("login.invalid");
  if (problem.status !== 429) return problemText(problem);
  return translate("login.wait", { minutes: Math.max(1, Math.ceil((problem.retryAfter ?? 60) / 60)) });
}

export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const { locale, t } = useLanguage();
  const queryClient = useQueryClient();
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [isShown, setIsShown] = useState(false);
  const choseLanguage = useRef(false);
  const password = useRef<HTMLInputElement>(null);

  useTitle(t("login.action"));

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    const empty = [...event.currentTarget.querySelectorAll("input")].find((input) => input.value === "");
    if (empty) return empty.focus();
    const typed = new FormData(event.currentTarget);
    setIsBusy(true);
    setError(null);
    try {
      await signIn(String(typed.get("email")).trim(), String(typed.get("password")));
      const me = await queryClient.fetchQuery(meQuery);
      if (!choseLanguage.current) await switchLanguage(me.locale);
      else if (me.locale !== currentLocale()) {
        queryClient.setQueryData(meQuery.queryKey, await keepLocale(currentLocale()));
      }
      onSignedIn();
    } catch (failure) {
      setError(refusalText(asProblem(failure)));
      setIsBusy(false);
      password.current?.focus();
      password.current?.select();
    }
  };

  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-4 py-10">
      <div className="w-full max-w-sm">
        <div className="mb-8 flex flex-col items-center gap-3 text-center">
          <span
            aria-hidden
            className="flex size-12 items-center justify-center rounded-2xl bg-accent text-on-accent"
          >
            <svg
              viewBox="0 0 24 24"
              className="size-6"
              fill="none"
              stroke="currentColor"
              strokeWidth="3"
              strokeLinecap="round"
              aria-hidden="true"
            >
              <path d="M12 5v14M5 12h14" />
            </svg>
          </span>
          <h1 tabIndex={-1} className="text-2xl font-semibold tracking-tight">
            {clinic.title}
          </h1>
        </div>
        <form onSubmit={submit} className="card grid gap-4 p-6">
          {error && (
            <Notice tone="danger" urgent>
              {error}
            </Notice>
          )}
          <TextField
            label={t("login.email")}
            name="email"
            type="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
          />
          <div className="relative">
            <TextField
              ref={password}
              label={t("login.password")}
              name="password"
              type={isShown ? "text" : "password"}
              autoComplete="current-password"
              autoCapitalize="none"
              spellCheck={false}
            />
            <IconButton
              label={t(isShown ? "login.hidePassword" : "login.showPassword")}
              className="absolute right-0 bottom-0"
              onClick={() => setIsShown(!isShown)}
            >
              {isShown ? <EyeOff aria-hidden className="size-5" /> : <Eye aria-hidden className="size-5" />}
            </IconButton>
          </div>
          <Button type="submit" look="primary" busy={isBusy} className="mt-2 min-h-11">
            {t("login.action")}
          </Button>
        </form>
        <div className="mx-auto mt-6 max-w-56">
          <Choice
            label={t("shell.language")}
            value={locale}
            options={LOCALES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
            onChange={(chosen) => {
              choseLanguage.current = true;
              void switchLanguage(chosen);
            }}
          />
        </div>
      </div>
    </main>
  );
}
