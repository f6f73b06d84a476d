/** The practitioner's diary in other calendar programs: a private address, shown once, renewed or revoked. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CalendarSync, Check, Copy, RefreshCw, Unlink } from "lucide-react";
import { type ReactNode, useState } from "react";
import { clinic } from "@/api/clinic";
import { failureOf, problemText } from "@/api/problemText";
import { renewFeed, revokeFeed } from "@/api/scheduling";
import type { CalendarFeed as Feed, Practitioner } from "@/api/types";
import { formatDateTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { TextField } from "@/ui/Field";
import { Badge, Card, Notice, Skeleton } from "@/ui/surface";
import { said, saidProblem } from "@/ui/toast";
import { feedQuery } from "./queries";

/** Program, and the key of what to press there. */
const PROGRAMS = [
  ["Google Calendar", "feed.google"],
  ["Apple Calendar", "feed.apple"],
  ["Outlook", "feed.outlook"],
  ["Thunderbird", "feed.thunderbird"],
] as const;

export function CalendarFeed({ practitioner }: { practitioner: Practitioner }) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const feed = useQuery(feedQuery(practitioner.id));
  const [address, setAddress] = useState<string | null>(null);
  const [asked, setAsked] = useState<"renew" | "revoke" | null>(null);
  const settle = () => {
    setAsked(null);
    void queryClient.invalidateQueries({ queryKey: ["calendar-feed", practitioner.id] });
  };
  const renew = useMutation({
    mutationFn: () => renewFeed(practitioner.id),
    onSuccess: ({ path }) => setAddress(window.location.origin + path),
    onError: (error) => saidProblem(problemText(error)),
    onSettled: settle,
  });
  const revoke = useMutation({
    mutationFn: () => revokeFeed(practitioner.id),
    onSuccess: () => {
      setAddress(null);
      said(t("feed.revoked"));
    },
    onError: (error) => saidProblem(problemText(error)),
    onSettled: settle,
  });

  return (
    <Card
      heading={t("feed.heading")}
      action={feed.data?.active && <Badge tone="ok">{t("feed.active")}</Badge>}
    >
      <p className="mb-4 text-soft">{t("feed.text")}</p>
      {feed.isPending && <Skeleton className="h-11" />}
      {feed.isError && <FailureNotice failure={failureOf(feed.error)} onRetry={feed.refetch} />}
      {address && <Address address={address} />}
      {feed.data && <State feed={feed.data} />}
      {feed.data && !feed.data.active && (
        <Button look="primary" busy={renew.isPending} onClick={() => renew.mutate()}>
          <CalendarSync aria-hidden className="size-5" />
          {t("feed.make")}
        </Button>
      )}
      {feed.data?.active && !asked && (
        <div className="flex flex-wrap gap-3">
          <Button onClick={() => setAsked("renew")}>
            <RefreshCw aria-hidden className="size-4" />
            {t("feed.renew")}
          </Button>
          <Button look="danger" onClick={() => setAsked("revoke")}>
            <Unlink aria-hidden className="size-4" />
            {t("feed.revoke")}
          </Button>
        </div>
      )}
      {asked && (
        <Question text={t(`feed.${asked}.question`)} onBack={() => setAsked(null)}>
          <Button
            autoFocus
            look={asked === "revoke" ? "danger" : "primary"}
            busy={renew.isPending || revoke.isPending}
            onClick={() => (asked === "revoke" ? revoke : renew).mutate()}
          >
            {t(`feed.${asked}`)}
          </Button>
        </Question>
      )}
    </Card>
  );
}

/** What subscribed programs lose cannot be given back, so it is asked. */
function Question({ text, onBack, children }: { text: string; onBack: () => void; children: ReactNode }) {
  const { t } = useLanguage();
  return (
    <Notice
      tone="warn"
      urgent
      actions={
        <>
          {children}
          <Button onClick={onBack}>{t("action.back")}</Button>
        </>
      }
    >
      {text}
    </Notice>
  );
}

function State({ feed }: { feed: Feed }) {
  const { t } = useLanguage();
  const when = (instant: string) => formatDateTime(instant, clinic.timezone);
  return (
    <p className="mb-4 text-sm text-soft">
      {feed.active && feed.createdAt && (
        <>
          {t("feed.since", { time: when(feed.createdAt) })} ·{" "}
          {feed.lastReadAt ? t("feed.read", { time: when(feed.lastReadAt) }) : t("feed.neverRead")} ·{" "}
        </>
      )}
      {t(`feed.names.${feed.names}`)}
    </p>
  );
}

function Address({ address }: { address: string }) {
  const { t } = useLanguage();
  const [isCopied, setIsCopied] = useState(false);
  const Icon = isCopied ? Check : Copy;
  /** On plain http the browser has no clipboard to write to: the field is selected to be copied by hand. */
  const copy = async () => {
    const field = document.querySelector<HTMLInputElement>("#feed-address input");
    field?.select();
    try {
      await navigator.clipboard.writeText(address);
      setIsCopied(true);
    } catch {
      setIsCopied(document.execCommand("copy"));
    }
  };
  return (
    <div className="mb-5 rounded-field bg-accent-soft p-4">
      <div id="feed-address" className="flex flex-wrap items-end gap-3">
        <TextField
          label={t("feed.address")}
          readOnly
          value={address}
          onFocus={(event) => event.target.select()}
          className="flex-1 basis-64"
        />
        <Button look="primary" onClick={copy} className="h-11 max-md:w-full">
          <Icon aria-hidden className="size-4" />
          <span aria-live="polite">{t(isCopied ? "feed.copied" : "feed.copy")}</span>
        </Button>
      </div>
      <p className="mt-2 text-sm font-medium">{t("feed.once")}</p>
      <dl className="mt-3 grid gap-x-4 gap-y-1.5 text-sm md:grid-cols-[auto_minmax(0,1fr)]">
        {PROGRAMS.map(([program, how]) => (
          <div key={program} className="contents">
            <dt className="font-medium">{program}</dt>
            <dd className="mb-1 text-soft md:mb-0">{t(how)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
