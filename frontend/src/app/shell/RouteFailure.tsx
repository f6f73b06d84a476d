/** When a screen breaks, is not for this person or does not exist: say so and offer the way on. */
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { failureOf } from "@/api/problemText";
import { useLanguage } from "@/i18n/language";
import { buttonLook } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Page } from "@/ui/Page";

export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const { t } = useLanguage();
  const router = useRouter();
  const failure = failureOf(error);
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Page heading={t(failure.isFinal ? "failure.closed" : "failure.heading")}>
      <FailureNotice urgent failure={failure} onRetry={again} />
      <HomeLink />
    </Page>
  );
}

export function RouteNotFound() {
  const { t } = useLanguage();
  return (
    <Page heading={t("notFound.heading")}>
      <p className="text-soft">{t("notFound.text")}</p>
      <HomeLink />
    </Page>
  );
}

function HomeLink() {
  const { t } = useLanguage();
  return (
    <Link to="/" className={buttonLook("quiet", "mt-4")}>
      {t("notFound.action")}
    </Link>
  );
}
