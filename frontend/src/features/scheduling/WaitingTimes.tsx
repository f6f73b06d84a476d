/** The next free times that suit somebody who waits; one click books. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { clinic } from "@/api/clinic";
import { failureOf, problemText } from "@/api/problemText";
import { listFreeStarts } from "@/api/scheduling";
import type { WaitingEntry } from "@/api/types";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Initials, Notice, Skeleton } from "@/ui/surface";
import { dayText, momentText } from "./dayText";
import { practitionersQuery } from "./queries";
import { useWaitingBooking } from "./useWaiting";
import { searchWindow } from "./WaitingWish";
import { suits } from "./waitingForm";

const SHOWN_FIRST = 8;

export function WaitingTimes({ entry }: { entry: WaitingEntry }) {
  const { t } = useLanguage();
  const [isWhole, setIsWhole] = useState(false);
  const practitioners = useQuery(practitionersQuery).data ?? [];
  const booking = useWaitingBooking();
  const { minutes, practitionerId } = entry;
  const free = useQuery({
    queryKey: ["availability", "waiting", entry.id, entry.version],
    queryFn: ({ signal }) => {
      const whose = practitionerId ? { practitionerId } : {};
      return listFreeStarts({ ...whose, ...searchWindow(entry, new Date()), minutes }, signal);
    },
    select: ({ member }) => member.filter((start) => suits(entry, start)),
  });
  const starts = isWhole ? free.data : free.data?.slice(0, SHOWN_FIRST);
  return (
    <section aria-label={t("waiting.times")} className="rounded-field bg-sunken p-3">
      {free.isPending && <Skeleton className="h-11" />}
      {free.isError && <FailureNotice failure={failureOf(free.error)} onRetry={free.refetch} />}
      {booking.isError && (
        <Notice tone="danger" urgent className="mb-2">
          {problemText(booking.error)}
        </Notice>
      )}
      {free.data?.length === 0 && <p className="text-soft">{t("waiting.times.none")}</p>}
      <ul className="grid grid-cols-2 gap-2 md:flex md:flex-wrap">
        {starts?.map((start) => {
          const whose = practitioners.find(({ id }) => id === start.practitionerId);
          return (
            <li key={start.practitionerId + start.startsAt}>
              <Button
                busy={booking.isPending}
                onClick={() => booking.mutate({ entry, ...start })}
                aria-label={t("waiting.book.of", {
                  name: `${entry.patientName ?? "–"}, ${whose?.name ?? "–"}`,
                  when: momentText(start.startsAt),
                })}
                className="w-full px-2.5"
              >
                {whose && <Initials text={whose.initials} colour={whose.colour} size="sm" />}
                <span className="text-left leading-tight">
                  <span className="block text-sm first-letter:uppercase">{dayText(start.startsAt)}</span>
                  <span className="block tabular-nums">{formatTime(start.startsAt, clinic.timezone)}</span>
                </span>
              </Button>
            </li>
          );
        })}
      </ul>
      {!isWhole && (free.data?.length ?? 0) > SHOWN_FIRST && (
        <Button look="plain" onClick={() => setIsWhole(true)} className="mt-1">
          {t("waiting.times.more", { count: (free.data?.length ?? 0) - SHOWN_FIRST })}
        </Button>
      )}
    </section>
  );
}
