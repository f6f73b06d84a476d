/** What the link in a reminder opens: the visit, and the patient's word that she comes or does not. No sign-in. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CalendarCheck, CalendarX, CircleHelp, Clock, Phone } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { clinic } from "@/api/clinic";
import { asProblem, type Problem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import { cancelVisit, confirmVisit, readVisit } from "@/api/scheduling";
import type { Visit } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { toWallTime } from "@/i18n/clinicTime";
import { formatLongDate, formatTime } from "@/i18n/format";
import { type Locale, switchLanguage, useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { TextArea } from "@/ui/Field";
import { Notice, Skeleton } from "@/ui/surface";
import { useTitle } from "@/ui/useTitle";

/** In the language of the visit, awaited before it is shown. */
async function visitInItsLanguage(token: string, signal: AbortSignal): Promise<Visit> {
  const visit = await readVisit(token, signal);
  await switchLanguage(visit.language as Locale);
  return visit;
}

export function VisitPage({ token }: { token: string }) {
  const { t } = useLanguage();
  const visit = useQuery({
    queryKey: ["visit", token],
    queryFn: ({ signal }) => visitInItsLanguage(token, signal),
    retry: (failures, error) => failures < 2 && !asProblem(error).isDefinite,
    refetchOnWindowFocus: false,
  });
  useTitle(t("visit.heading"));
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-md flex-col px-5 pt-[max(2.5rem,env(safe-area-inset-top))] pb-[max(2rem,env(safe-area-inset-bottom))]">
      <header className="mb-8 text-center">
        <span aria-hidden className="mx-auto mb-3 block size-4 rounded-full bg-accent" />
        <p className="text-lg font-semibold tracking-tight wrap-anywhere">{clinic.letterhead[0]}</p>
      </header>
      {visit.isPending && <Skeleton className="h-80" />}
      {visit.isError && <Unavailable problem={asProblem(visit.error)} onRetry={visit.refetch} />}
      {visit.data && <Known token={token} visit={visit.data} />}
      <ClinicLines />
    </main>
  );
}

function ClinicLines() {
  const { t } = useLanguage();
  return (
    <footer className="mt-auto pt-10 text-center text-sm text-soft">
      {clinic.phone && (
        <p className="mb-3">
          <a href={`tel:${clinic.phone.replace(/\s/g, "")}`} className={buttonLook("quiet")}>
            <Phone aria-hidden className="size-4 text-accent-text" />
            {t("visit.call", { phone: clinic.phone })}
          </a>
        </p>
      )}
      {clinic.letterhead.slice(1, 2).map((line) => (
        <p key={line} className="wrap-anywhere">
          {line}
        </p>
      ))}
    </footer>
  );
}

/** What ended the link, by the problem's code. */
const ENDS = {
  "visit-moved": { icon: Clock, heading: "visit.moved" },
  "visit-past": { icon: Clock, heading: "visit.past" },
  "visit-not-found": { icon: CircleHelp, heading: "visit.unknown" },
} as const;

function Unavailable({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  const { t } = useLanguage();
  const end = ENDS[problem.code as keyof typeof ENDS] ?? (problem.status === 404 && ENDS["visit-not-found"]);
  if (!end) {
    return (
      <Notice tone="danger" urgent actions={<Button onClick={onRetry}>{t("action.retry")}</Button>}>
        {problemText(problem)}
      </Notice>
    );
  }
  const { icon: Icon, heading } = end;
  return (
    <Sheet icon={<Icon />} heading={t(heading)}>
      <p className="text-center text-soft">{problemText(problem)}</p>
    </Sheet>
  );
}

function Sheet({ icon, heading, children }: { icon: ReactNode; heading: string; children: ReactNode }) {
  const place = useRef<HTMLHeadingElement>(null);
  const shown = useRef(heading);
  // The answer to what was just pressed is read aloud; the first heading is not stolen the focus for.
  useEffect(() => {
    if (shown.current !== heading) place.current?.focus();
    shown.current = heading;
  }, [heading]);
  return (
    <div className="card p-6">
      <div
        aria-hidden
        className="mx-auto mb-4 flex size-14 items-center justify-center rounded-full bg-accent-soft text-accent-text [&_svg]:size-7"
      >
        {icon}
      </div>
      <h1 ref={place} tabIndex={-1} className="mb-4 text-center text-xl font-semibold tracking-tight">
        {heading}
      </h1>
      {children}
    </div>
  );
}

function Known({ token, visit }: { token: string; visit: Visit }) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const [isLeaving, setIsLeaving] = useState(false);
  const keep = (answered: Visit) => {
    queryClient.setQueryData(["visit", token], answered);
    setIsLeaving(false);
  };
  const lookAgain = () => void queryClient.invalidateQueries({ queryKey: ["visit", token] });
  const onError = (error: unknown) => {
    if (asProblem(error).isDefinite) lookAgain();
  };
  const confirm = useMutation({
    mutationFn: () => withKey((key) => confirmVisit(token, key)),
    onSuccess: keep,
    onError,
  });
  const cancel = useMutation({
    mutationFn: (reason: string) => withKey((key) => cancelVisit(token, reason.trim() || null, key)),
    onSuccess: keep,
    onError,
  });
  const failed = confirm.error ?? cancel.error;
  if (visit.status === "cancelled") {
    return (
      <Sheet icon={<CalendarX />} heading={t("visit.cancelled")}>
        <When visit={visit} isOff />
        <p className="mt-4 text-center text-soft">{t("visit.cancelled.text")}</p>
      </Sheet>
    );
  }
  const isOpen = visit.status === "scheduled";
  return (
    <Sheet
      icon={<CalendarCheck />}
      heading={t(visit.confirmedAt ? "visit.confirmed" : isOpen ? "visit.heading" : "visit.past")}
    >
      <When visit={visit} />
      {failed !== null && (
        <Notice tone="danger" urgent className="mt-4">
          {problemText(failed)}
        </Notice>
      )}
      {isOpen && visit.confirmedAt && !isLeaving && (
        <p className="mt-4 text-center text-soft">{t("visit.confirmed.text")}</p>
      )}
      {isOpen && !isLeaving && (
        <div className="mt-6 grid gap-3">
          {!visit.confirmedAt && (
            <Button
              look="primary"
              busy={confirm.isPending}
              onClick={() => confirm.mutate()}
              className="min-h-12 text-base"
            >
              {t("visit.confirm")}
            </Button>
          )}
          <Button onClick={() => setIsLeaving(true)} className="min-h-12 text-base">
            {t("visit.cancel")}
          </Button>
        </div>
      )}
      {isOpen && isLeaving && (
        <Leaving isBusy={cancel.isPending} onCancel={cancel.mutate} onBack={() => setIsLeaving(false)} />
      )}
    </Sheet>
  );
}

function When({ visit, isOff = false }: { visit: Visit; isOff?: boolean }) {
  const { t } = useLanguage();
  const { date } = toWallTime(visit.startsAt, clinic.timezone);
  return (
    <div className={isOff ? "text-center text-soft line-through" : "text-center"}>
      <p className="text-lg font-medium first-letter:uppercase">{formatLongDate(date)}</p>
      {!visit.allDay && (
        <p className="text-3xl font-semibold tracking-tight tabular-nums">
          {formatTime(visit.startsAt, clinic.timezone)}
        </p>
      )}
      {visit.practitionerName && <p className="mt-1">{t("visit.with", { name: visit.practitionerName })}</p>}
    </div>
  );
}

interface LeavingProps {
  isBusy: boolean;
  onCancel: (reason: string) => void;
  onBack: () => void;
}

function Leaving({ isBusy, onCancel, onBack }: LeavingProps) {
  const { t } = useLanguage();
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) onCancel(reason);
  };
  return (
    <form onSubmit={submit} className="mt-6 grid gap-4">
      <p className="text-center font-medium">{t("visit.cancel.question")}</p>
      <TextArea
        autoFocus
        label={t("visit.reason")}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        maxLength={500}
        rows={2}
      />
      <div className="grid gap-3">
        <Button type="submit" look="danger" busy={isBusy} className="min-h-12 text-base">
          {t("visit.cancel.confirm")}
        </Button>
        <Button onClick={onBack} className="min-h-12 text-base">
          {t("visit.keep")}
        </Button>
      </div>
    </form>
  );
}
