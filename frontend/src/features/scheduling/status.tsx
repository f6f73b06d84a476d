/** An appointment's state as icon and words, never as colour alone. */
import { Ban, Check, Clock, UserX } from "lucide-react";
import type { Appointment } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Badge } from "@/ui/surface";

const STATES = {
  scheduled: { icon: Clock, tone: "accent" },
  attended: { icon: Check, tone: "ok" },
  missed: { icon: UserX, tone: "warn" },
  cancelled: { icon: Ban, tone: "neutral" },
} as const;

export function StatusIcon({ status }: { status: Appointment["status"] }) {
  const { t } = useLanguage();
  const { icon: Icon } = STATES[status];
  return <Icon role="img" aria-label={t(`appointment.status.${status}`)} className="size-3.5 shrink-0" />;
}

export function StatusBadge({ status }: { status: Appointment["status"] }) {
  const { t } = useLanguage();
  const { icon: Icon, tone } = STATES[status];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className="size-3.5" />
      {t(`appointment.status.${status}`)}
    </Badge>
  );
}
