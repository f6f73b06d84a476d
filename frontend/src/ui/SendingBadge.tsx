/** How far a letter has come, by icon and word. */
import { Check, CircleOff, Clock, MailX, TriangleAlert } from "lucide-react";
import { useLanguage } from "@/i18n/language";
import { Badge } from "./surface";

const STATES = {
  waiting: { icon: Clock, tone: "accent" },
  sent: { icon: Check, tone: "ok" },
  failed: { icon: TriangleAlert, tone: "danger" },
  dropped: { icon: CircleOff, tone: "neutral" },
  unsent: { icon: MailX, tone: "warn" },
} as const;

export function SendingBadge({ state }: { state: keyof typeof STATES }) {
  const { t } = useLanguage();
  const { icon: Icon, tone } = STATES[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className="size-3.5" />
      {t(`sending.state.${state}`)}
    </Badge>
  );
}
