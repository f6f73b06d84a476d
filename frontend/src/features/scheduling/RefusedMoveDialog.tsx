/** A move the server refused: why, and what can be done about it. The appointment is back where it was. */

import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { ConflictOffers } from "./ConflictOffers";
import type { Place } from "./calendarMoves";
import type { RefusedMove } from "./useReschedule";

interface RefusedMoveDialogProps {
  refused: RefusedMove;
  onClose: () => void;
  onOpen: (appointmentId: string) => void;
  onMove: (wanted: Place, overbook?: string) => void;
}

export function RefusedMoveDialog({ refused, onClose, onOpen, onMove }: RefusedMoveDialogProps) {
  const { t } = useLanguage();
  return (
    <Dialog open onClose={onClose} heading={t("appointment.notMoved")} closeLabel={t("action.close")}>
      <div className="grid gap-4">
        <ConflictOffers
          problem={refused.problem}
          wanted={refused.wanted}
          onOpen={onOpen}
          onTake={onMove}
          onOverbook={(reason) => onMove(refused.wanted, reason)}
        />
        <p>
          <Button onClick={onClose}>{t("appointment.leaveThere")}</Button>
        </p>
      </div>
    </Dialog>
  );
}
