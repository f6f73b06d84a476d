/** To whom an invoice was sent by e-mail, and what came of it; what failed is tried again here. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { retryDelivery } from "@/api/billing";
import { clinic } from "@/api/clinic";
import { failureOf, problemText } from "@/api/problemText";
import type { Delivery } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { formatDateTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { SendingBadge } from "@/ui/SendingBadge";
import { Card, Notice } from "@/ui/surface";
import { said, saidProblem } from "@/ui/toast";
import { deliveriesQuery, invoiceSettingsQuery } from "./queries";

const when = (instant: string) => formatDateTime(instant, clinic.timezone);

/** Nothing, as long as nobody asked for it. */
export function DeliveriesCard({ invoiceId }: { invoiceId: string }) {
  const { t } = useLanguage();
  const listed = useQuery(deliveriesQuery(invoiceId));
  const settings = useQuery(invoiceSettingsQuery).data;
  const found = listed.data?.member ?? [];
  if (!listed.isError && found.length === 0) return null;
  return (
    <Card heading={t("deliveries.heading")}>
      {listed.isError && <FailureNotice failure={failureOf(listed.error)} onRetry={listed.refetch} />}
      {settings?.mailConfigured === false && (
        <Notice tone="warn" heading={t("sending.noServer")} className="mb-3">
          {t("delivery.noServer")}
        </Notice>
      )}
      <ul aria-label={t("deliveries.heading")} className="divide-y divide-line">
        {found.map((delivery) => (
          <DeliveryItem key={delivery.id} invoiceId={invoiceId} delivery={delivery} />
        ))}
      </ul>
    </Card>
  );
}

function DeliveryItem({ invoiceId, delivery }: { invoiceId: string; delivery: Delivery }) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const retry = useMutation({
    mutationFn: () => withKey((key) => retryDelivery(invoiceId, delivery.id, key)),
    onSuccess: () => said(t("sending.retried")),
    onError: (error) => saidProblem(problemText(error)),
    onSettled: () => queryClient.invalidateQueries(deliveriesQuery(invoiceId)),
  });
  return (
    <li className="py-3 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <p className="min-w-0 flex-1 basis-40 font-medium wrap-anywhere">
          {delivery.to || t("delivery.forgotten")}
        </p>
        <SendingBadge state={delivery.state} />
      </div>
      <p className="text-sm text-soft wrap-anywhere">
        {[t(`delivery.language.${delivery.language}`), stateText(delivery, t), delivery.createdByName]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {delivery.state !== "sent" && delivery.attempts.length > 0 && <Attempts of={delivery} />}
      {delivery.state === "failed" && (
        <Button busy={retry.isPending} onClick={() => retry.mutate()} className="mt-2 max-md:w-full">
          <RotateCw aria-hidden className="size-4" />
          {t("sending.retry")}
        </Button>
      )}
    </li>
  );
}

function stateText(
  { state, sentAt, nextAttemptAt, createdAt }: Delivery,
  t: ReturnType<typeof useLanguage>["t"],
): string {
  if (state === "sent" && sentAt) return t("sending.sentAt", { time: when(sentAt) });
  if (state === "waiting" && nextAttemptAt) return t("sending.nextAt", { time: when(nextAttemptAt) });
  return when(createdAt);
}

/** The newest first: that is what has to be known. */
function Attempts({ of }: { of: Delivery }) {
  const { t } = useLanguage();
  return (
    <ol aria-label={t("sending.attempts")} className="mt-1 max-h-40 overflow-y-auto text-sm">
      {of.attempts.toReversed().map((attempt) => (
        <li key={attempt.at} className="wrap-anywhere">
          <span className="text-soft tabular-nums">{when(attempt.at)}</span>{" "}
          <span className="font-medium">{t(`sending.outcome.${attempt.outcome}`)}</span>
          {attempt.detail && ` · ${attempt.detail}`}
        </li>
      ))}
    </ol>
  );
}
