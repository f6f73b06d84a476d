/** An appointment's state as icon and words, never as colour alone. */
import { Ban, CalendarCheck, Check, Clock, UserX } from "lucide-react";
import type { Appointment } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Badge } from "@/ui/surface";

const STATES = {
  scheduled: { icon: Clock, tone: "accent" },
  confirmed: { icon: CalendarCheck, tone: "ok" },
  attended: { icon: Check, tone: "ok" },
  missed: { icon: UserX, tone: "warn" },
  cancelled: { icon: Ban, tone: "neutral" },
} as const;

/** What patients can answer to a reminder. */
type Answerable = Pick<Appointment, "status"> & Partial<Pick<Appointment, "confirmedAt">>;

/** What became of it; of what is still to come, whether the patient has confirmed. */
export const stateOf = ({ status, confirmedAt }: Answerable): keyof typeof STATES =>
  status === "scheduled" && confirmedAt ? "confirmed" : status;

/** It takes time: gaps and what was cancelled do not. */
export const isLive = ({ status, type }: Pick<Appointment, "status" | "type">) =>
  status !== "cancelled" && type !== "gap";

export function StatusIcon(appointment: Answerable) {
  const { t } = useLanguage();
  const state = stateOf(appointment);
  const { icon: Icon } = STATES[state];
  return <Icon role="img" aria-label={t(`appointment.status.${state}`)} className="size-3.5 shrink-0" />;
}

export function StatusBadge(appointment: Answerable) {
  const { t } = useLanguage();
  const state = stateOf(appointment);
  const { icon: Icon, tone } = STATES[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className="size-3.5" />
      {t(`appointment.status.${state}`)}
    </Badge>
  );
}
