/** One reminder: to whom, of what, what came of it; its words and the log of attempts on demand. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronDown, RotateCw } from "lucide-react";
import { useId, useState } from "react";
import { clinic } from "@/api/clinic";
import { problemText } from "@/api/problemText";
import { retryReminder } from "@/api/scheduling";
import type { Reminder } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { formatDateTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { SendingBadge } from "@/ui/SendingBadge";
import { said, saidProblem } from "@/ui/toast";
import { momentText } from "./dayText";

const when = (instant: string) => formatDateTime(instant, clinic.timezone);

export function ReminderRow({ reminder }: { reminder: Reminder }) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const details = useId();
  const [isOpen, setIsOpen] = useState(false);
  const retry = useMutation({
    mutationFn: () => withKey((key) => retryReminder(reminder.id, key)),
    onSuccess: () => said(t("sending.retried")),
    onError: (error) => saidProblem(problemText(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["reminders"] }),
  });
  return (
    <li className="px-4 py-3 md:px-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-x-3">
            <Link
              to="/patients/$patientId"
              params={{ patientId: reminder.patientId }}
              className="font-medium underline-offset-4 wrap-anywhere hover:underline"
            >
              {reminder.patientName || t("patient.erased")}
            </Link>
            <span className="text-soft first-letter:uppercase">
              {t("reminders.appointment", { when: momentText(reminder.startsAt) })}
            </span>
          </p>
          <p className="text-sm text-soft wrap-anywhere">
            {[reminder.to, stateText(reminder, t)].join(" · ")}
          </p>
        </div>
        <SendingBadge state={reminder.state} />
        <span className="flex gap-2 max-md:w-full">
          {reminder.state === "failed" && (
            <Button busy={retry.isPending} onClick={() => retry.mutate()} className="max-md:flex-1">
              <RotateCw aria-hidden className="size-4" />
              {t("sending.retry")}
            </Button>
          )}
          <Button
            look="plain"
            aria-expanded={isOpen}
            aria-controls={details}
            onClick={() => setIsOpen(!isOpen)}
            className="max-md:flex-1"
          >
            {t("reminders.details")}
            <ChevronDown aria-hidden className={classes("size-4 transition", isOpen && "rotate-180")} />
          </Button>
        </span>
      </div>
      <div id={details}>{isOpen && <Details reminder={reminder} />}</div>
    </li>
  );
}

function stateText(
  { state, sentAt, nextAttemptAt, dueAt, attempts }: Reminder,
  t: ReturnType<typeof useLanguage>["t"],
): string {
  const last = attempts.at(-1);
  if (state === "sent" && sentAt) return t("sending.sentAt", { time: when(sentAt) });
  if (state === "waiting") return t("sending.nextAt", { time: when(nextAttemptAt ?? dueAt) });
  if (state === "failed" && last) return last.detail ?? when(last.at);
  return t("reminders.dueAt", { time: when(dueAt) });
}

function Details({ reminder }: { reminder: Reminder }) {
  const { t } = useLanguage();
  return (
    <div className="mt-3 grid gap-4 md:grid-cols-2">
      <article lang={reminder.language} className="rounded-field bg-sunken p-4 wrap-anywhere">
        <h3 className="mb-2 font-semibold">{reminder.subject}</h3>
        <p className="text-sm whitespace-pre-line">{reminder.text}</p>
      </article>
      <section>
        <h3 className="mb-1 text-sm text-soft">{t("sending.attempts")}</h3>
        {reminder.attempts.length === 0 && <p className="text-soft">{t("sending.attempts.none")}</p>}
        <ol className="divide-y divide-line">
          {reminder.attempts.map((attempt) => (
            <li key={attempt.at} className="py-1.5">
              <span className="text-sm text-soft tabular-nums">{when(attempt.at)}</span>{" "}
              <span className="font-medium">{t(`sending.outcome.${attempt.outcome}`)}</span>
              {attempt.detail && <span className="block text-sm wrap-anywhere">{attempt.detail}</span>}
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
