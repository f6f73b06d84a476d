/** When a screen breaks or does not exist: say so and offer the way back. */
import type { ErrorComponentProps } from "@tanstack/react-router";
import { Link } from "@tanstack/react-router";
import { problemText } from "@/api/problemText";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { Notice } from "@/ui/surface";

export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const { t } = useLanguage();
  return (
    <Page heading={t("failure.heading")}>
      <Notice tone="danger" urgent actions={<Button onClick={reset}>{t("action.retry")}</Button>}>
        {problemText(error)}
      </Notice>
    </Page>
  );
}

export function RouteNotFound() {
  const { t } = useLanguage();
  return (
    <Page heading={t("notFound.heading")}>
      <p className="mb-4 text-soft">{t("notFound.text")}</p>
      <Link to="/" className={buttonLook("primary")}>
        {t("notFound.action")}
      </Link>
    </Page>
  );
}
