/** Beside whatever is on screen: who waits for the time that was just freed. Nobody is interrupted by it. */
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import type { FreeStart } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { IconButton } from "@/ui/Button";
import { spanText } from "./dayText";
import { closeFreedSlot } from "./freedSlots";
import { matchesQuery, practitionersQuery, windowQuery } from "./queries";
import { WaitingMatches } from "./WaitingMatches";

export function FreedSlotOffer({ slot }: { slot: FreeStart }) {
  const { t } = useLanguage();
  const matches = useQuery(matchesQuery(slot)).data ?? [];
  const practitioners = useQuery(practitionersQuery).data ?? [];
  const around = useQuery(windowQuery(slot.startsAt, slot.endsAt)).data ?? [];
  const isTakenAgain = around.some(
    ({ practitionerId, status, type }) =>
      practitionerId === slot.practitionerId && status !== "cancelled" && type !== "gap",
  );
  if (matches.length === 0 || isTakenAgain) return null;
  const whose = practitioners.find(({ id }) => id === slot.practitionerId);
  return (
    <aside
      aria-label={t("waiting.freed")}
      className="fixed inset-x-3 bottom-[calc(var(--bottom-bar)+0.75rem)] z-30 max-h-[60dvh] overflow-y-auto rounded-card border border-line bg-raised p-4 shadow-float md:right-auto md:bottom-4 md:left-[16rem] md:w-[34rem] print:hidden"
    >
      <div className="flex items-start gap-2">
        <p role="status" className="min-w-0 flex-1 text-sm text-soft">
          {t("waiting.freed")}: {spanText(slot.startsAt, slot.endsAt)}
          {whose && ` · ${whose.name}`}
        </p>
        <IconButton label={t("action.close")} onClick={closeFreedSlot} className="-mt-2.5 -me-2">
          <X aria-hidden className="size-5" />
        </IconButton>
      </div>
      <WaitingMatches slot={slot} onBooked={closeFreedSlot} />
    </aside>
  );
}
