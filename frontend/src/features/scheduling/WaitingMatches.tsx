/** Who waits for a stretch of free time, the longest waiting first, with the phone to call and one click to book. */
import { useQuery } from "@tanstack/react-query";
import { Phone } from "lucide-react";
import type { RefObject } from "react";
import { failureOf, problemText } from "@/api/problemText";
import type { Appointment, FreeStart, WaitingEntry } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Notice, Skeleton } from "@/ui/surface";
import { momentText } from "./dayText";
import { matchesQuery } from "./queries";
import { useWaitingBooking } from "./useWaiting";
import { WaitingSince } from "./WaitingWish";

interface WaitingMatchesProps {
  slot: FreeStart;
  onBooked?: (appointment: Appointment) => void;
  headingRef?: RefObject<HTMLHeadingElement>;
}

export function WaitingMatches({ slot, onBooked, headingRef }: WaitingMatchesProps) {
  const { t } = useLanguage();
  const matches = useQuery(matchesQuery(slot));
  const booking = useWaitingBooking(onBooked);
  const count = matches.data?.length ?? 0;
  return (
    <section aria-label={t("waiting.matches", { count })}>
      <h3 ref={headingRef} tabIndex={-1} className="font-semibold outline-none">
        {matches.data && t("waiting.matches", { count })}
      </h3>
      {matches.isPending && <Skeleton className="h-20" />}
      {matches.isError && <FailureNotice failure={failureOf(matches.error)} onRetry={matches.refetch} />}
      {booking.isError && (
        <Notice tone="danger" urgent className="mt-2">
          {problemText(booking.error)}
        </Notice>
      )}
      {count > 0 && (
        <ul className="mt-1 divide-y divide-line">
          {matches.data?.map((entry) => (
            <Match
              key={entry.id}
              entry={entry}
              startsAt={slot.startsAt}
              isBusy={booking.isPending}
              onBook={() => {
                const { practitionerId, startsAt } = slot;
                booking.mutate({ entry, practitionerId, startsAt });
              }}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

interface MatchProps {
  entry: WaitingEntry;
  startsAt: string;
  isBusy: boolean;
  onBook: () => void;
}

function Match({ entry, startsAt, isBusy, onBook }: MatchProps) {
  const { t } = useLanguage();
  const name = entry.patientName ?? "–";
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5">
      <div className="min-w-0 flex-1 basis-44">
        <p className="font-medium wrap-anywhere">{name}</p>
        <p className="text-sm text-soft wrap-anywhere">
          <WaitingSince entry={entry} /> · {t("waiting.minutes", { minutes: entry.minutes })}
          {entry.notes && ` · ${entry.notes}`}
        </p>
      </div>
      {entry.phone && (
        <a href={`tel:${entry.phone.replace(/\s/g, "")}`} className={buttonLook("quiet", "max-md:flex-1")}>
          <Phone aria-hidden className="size-4 text-accent-text" />
          {entry.phone}
        </a>
      )}
      <Button
        look="primary"
        busy={isBusy}
        onClick={onBook}
        aria-label={t("waiting.book.of", { name, when: momentText(startsAt) })}
        className="max-md:flex-1"
      >
        {t("waiting.book")}
      </Button>
    </li>
  );
}
