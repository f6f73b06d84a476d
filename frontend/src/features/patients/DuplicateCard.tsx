/** The registry knows somebody very alike: who that is and why, and the way on in either case. */
import { Link } from "@tanstack/react-router";
import { ExternalLink, UserRoundSearch } from "lucide-react";
import { useEffect, useRef } from "react";
import type { LikelyMatch } from "@/api/types";
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Badge, Initials, initialsOf } from "@/ui/surface";

interface DuplicateCardProps {
  matches: LikelyMatch[];
  isBusy: boolean;
  onRegisterAnyway: () => void;
  onKeepEditing: () => void;
  /** Where somebody is waited for, as for a booking: goes on with the patient the registry knows. */
  onKnown?: ((patientId: string) => void) | undefined;
}

export function DuplicateCard({
  matches,
  isBusy,
  onRegisterAnyway,
  onKeepEditing,
  onKnown,
}: DuplicateCardProps) {
  const { t } = useLanguage();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    heading.current?.scrollIntoView?.({ block: "center" });
  }, []);
  return (
    <section aria-labelledby="likely-duplicate" className="card mb-5 border-warn/40 p-5 md:p-6">
      <div className="flex gap-3">
        <UserRoundSearch aria-hidden className="mt-0.5 size-5 shrink-0 text-warn" />
        <div className="min-w-0">
          <h2
            id="likely-duplicate"
            ref={heading}
            tabIndex={-1}
            className="text-base font-semibold outline-none"
          >
            {t("duplicate.heading", { count: matches.length })}
          </h2>
          <p className="text-soft">{t("duplicate.text")}</p>
        </div>
      </div>
      <ul className="my-4 grid gap-2">
        {matches.map((match) => (
          <Match key={match.id} match={match} onKnown={onKnown} />
        ))}
      </ul>
      <div className="flex flex-wrap gap-3">
        <Button
          look="primary"
          busy={isBusy}
          onClick={onRegisterAnyway}
          className="max-md:w-full max-md:whitespace-normal"
        >
          {t("duplicate.force")}
        </Button>
        <Button onClick={onKeepEditing} className="max-md:w-full">
          {t("duplicate.edit")}
        </Button>
      </div>
    </section>
  );
}

interface MatchProps {
  match: LikelyMatch;
  onKnown: DuplicateCardProps["onKnown"];
}

function Match({ match, onKnown }: MatchProps) {
  const { t } = useLanguage();
  const known = [match.dateOfBirth && formatDate(match.dateOfBirth), match.phone, match.taxId];
  const to = { to: "/patients/$patientId", params: { patientId: match.id } } as const;
  return (
    <li className="relative flex flex-wrap items-center gap-3 rounded-field bg-sunken/70 py-2 pr-1 pl-3 hover:bg-sunken">
      <Initials text={initialsOf(match.fullName)} />
      <div className="min-w-0 flex-1 basis-40">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link {...to} className="font-medium wrap-anywhere after:absolute after:inset-0">
            {match.fullName}
          </Link>
          {match.status === "inactive" && <Badge>{t("patients.status.inactive")}</Badge>}
        </p>
        <p className="text-sm font-medium text-warn">
          {match.reasons.map((reason) => t(`duplicate.reason.${reason}`)).join(" · ")}
        </p>
        <p className="text-sm text-soft wrap-anywhere">
          {[t("patient.number", { number: match.number }), ...known].filter(Boolean).join(" · ")}
        </p>
      </div>
      {onKnown && (
        <Button className="relative" onClick={() => onKnown(match.id)}>
          {t("duplicate.known")}
        </Button>
      )}
      <Link
        {...to}
        target="_blank"
        rel="noopener"
        aria-label={t("duplicate.newTab")}
        title={t("duplicate.newTab")}
        className="relative inline-flex size-11 shrink-0 items-center justify-center rounded-field text-soft hover:bg-surface hover:text-ink"
      >
        <ExternalLink aria-hidden className="size-5" />
      </Link>
    </li>
  );
}
