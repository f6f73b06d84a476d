/** A patient's packs of sessions: what is left of each, and which visits it paid. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { clinic } from "@/api/clinic";
import { failureOf } from "@/api/problemText";
import type { Pack } from "@/api/types";
import { toWallTime } from "@/i18n/clinicTime";
import { formatDate, formatDateTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { buttonLook } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Badge, Card, Skeleton } from "@/ui/surface";
import { packsQuery } from "./queries";

interface PatientPacksProps {
  patientId: string;
  mayAdd: boolean;
}

export function PatientPacks({ patientId, mayAdd }: PatientPacksProps) {
  const { t } = useLanguage();
  const packs = useQuery(packsQuery(patientId));
  const left = (packs.data ?? []).reduce((sum, pack) => sum + pack.left, 0);
  // What can still be used comes first.
  const inOrder = packs.data?.toSorted((one, other) => Number(other.left > 0) - Number(one.left > 0));
  return (
    <Card
      heading={t("packs.heading")}
      action={
        mayAdd && (
          <Link to="/invoices/new" search={{ patient: patientId, pack: true }} className={buttonLook("link")}>
            {t("pack.sell")}
          </Link>
        )
      }
    >
      {packs.isPending && <Skeleton className="h-16" />}
      {packs.isError && <FailureNotice failure={failureOf(packs.error)} onRetry={packs.refetch} />}
      {inOrder?.length === 0 && <p className="text-soft">{t("packs.empty")}</p>}
      {inOrder && inOrder.length > 0 && (
        <p className="mb-3 font-medium">{t("pack.balance", { count: left })}</p>
      )}
      <ul className="grid gap-4">
        {inOrder?.map((pack) => (
          <PackItem key={pack.id} pack={pack} />
        ))}
      </ul>
    </Card>
  );
}

function PackItem({ pack }: { pack: Pack }) {
  const { t } = useLanguage();
  return (
    <li className="border-t border-line pt-4 first:border-0 first:pt-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 basis-48 font-medium wrap-anywhere">{pack.concept}</span>
        {pack.closedAt ? (
          <Badge>{t("pack.closed")}</Badge>
        ) : (
          <Badge tone={pack.left > 0 ? "ok" : "neutral"}>
            {pack.left > 0 ? t("pack.left", { left: pack.left, count: pack.sessions }) : t("pack.exhausted")}
          </Badge>
        )}
      </div>
      <div
        role="img"
        aria-label={t("pack.used", { used: pack.used, count: pack.sessions })}
        className="my-2 h-2 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className="h-full rounded-full bg-accent"
          style={{ width: `${(100 * pack.used) / pack.sessions}%` }}
        />
      </div>
      <p className="text-sm text-soft">
        {t("pack.sold", { date: formatDate(pack.soldOn) })}{" "}
        <Link
          to="/invoices/$invoiceId"
          params={{ invoiceId: pack.invoiceId }}
          className="text-accent-text underline underline-offset-4"
        >
          {pack.invoiceDisplayNumber}
        </Link>
      </p>
      {pack.closedAt && (
        <p className="text-sm text-soft">
          {t("pack.closed.on", { date: formatDate(toWallTime(pack.closedAt, clinic.timezone).date) })}
        </p>
      )}
      {pack.uses.length > 0 && (
        <details className="mt-1 text-sm">
          <summary className="flex min-h-11 cursor-pointer items-center text-accent-text">
            {t("pack.uses", { count: pack.uses.length })}
          </summary>
          <ol className="ms-5 list-decimal tabular-nums">
            {pack.uses.map(({ appointmentId, startsAt }) => (
              <li key={appointmentId} className="py-0.5">
                <Link
                  to="/calendar"
                  search={{ date: toWallTime(startsAt, clinic.timezone).date, view: "day" }}
                  className="inline-flex min-h-8 items-center touch:min-h-11"
                >
                  {formatDateTime(startsAt, clinic.timezone)}
                </Link>
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}
