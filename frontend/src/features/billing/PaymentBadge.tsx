/** How far an invoice is paid, as icon and words. */
import { AlarmClock, Check, CircleDashed, CircleDotDashed, FileDiff, FileX2, Undo2 } from "lucide-react";
import type { InvoiceSummary } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Badge } from "@/ui/surface";

const STATES = {
  unpaid: { icon: CircleDashed, tone: "accent" },
  "part-paid": { icon: CircleDotDashed, tone: "accent" },
  paid: { icon: Check, tone: "ok" },
  overdue: { icon: AlarmClock, tone: "danger" },
  "to-refund": { icon: Undo2, tone: "warn" },
  rectified: { icon: FileX2, tone: "neutral" },
  difference: { icon: FileDiff, tone: "neutral" },
} as const;

export const PAYMENT_STATES = ["unpaid", "part-paid", "paid", "overdue", "to-refund", "rectified"] as const;

export function PaymentBadge({ invoice }: { invoice: Pick<InvoiceSummary, "paymentStatus"> }) {
  const { t } = useLanguage();
  const state = invoice.paymentStatus ?? "difference";
  const { icon: Icon, tone } = STATES[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className="size-3.5" />
      {t(`invoice.state.${state}`)}
    </Badge>
  );
}
