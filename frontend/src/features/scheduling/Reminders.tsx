/** The outbox: what patients were told of their appointments, what failed, and what would have been sent. */
import { useQuery } from "@tanstack/react-query";
import { MailCheck, SearchX } from "lucide-react";
import { failureOf } from "@/api/problemText";
import type { ReminderState } from "@/api/types";
import { formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { FailureNotice } from "@/ui/FailureNotice";
import { Select } from "@/ui/Field";
import { BeyondTheEnd, Pages } from "@/ui/ListControls";
import { Page } from "@/ui/Page";
import { EmptyState, Notice, SkeletonRows } from "@/ui/surface";
import { DiaryTabs } from "./DiaryTabs";
import { reminderSettingsQuery, remindersQuery } from "./queries";
import { ReminderRow } from "./ReminderRow";

export interface RemindersState {
  state: ReminderState | "all";
  page: number;
}

interface RemindersProps {
  state: RemindersState;
  onChange: (change: Partial<RemindersState>) => void;
}

const STATES = ["all", "waiting", "sent", "failed", "unsent", "dropped"] as const;

export function Reminders({ state: { state, page }, onChange }: RemindersProps) {
  const { t } = useLanguage();
  const listed = useQuery(remindersQuery({ state, page }));
  const found = listed.data?.member ?? [];
  const isFiltered = state !== "all";
  return (
    <Page heading={t("reminders.heading")} above={<DiaryTabs />}>
      <SettingsNotice />
      <Select
        label={t("patients.status")}
        value={state}
        onChange={(event) => onChange({ state: event.target.value as RemindersState["state"], page: 1 })}
        className="mb-4 md:max-w-64"
      >
        {STATES.map((value) => (
          <option key={value} value={value}>
            {t(`reminders.show.${value}`)}
          </option>
        ))}
      </Select>
      {listed.isError && <FailureNotice urgent failure={failureOf(listed.error)} onRetry={listed.refetch} />}
      {listed.isPending && (
        <div className="card">
          <SkeletonRows rows={6} />
        </div>
      )}
      {listed.data && (
        <div
          className={classes(
            "card overflow-hidden transition-opacity",
            listed.isPlaceholderData && "opacity-60",
          )}
        >
          {found.length > 0 && (
            <ul aria-label={t("reminders.heading")} className="divide-y divide-line">
              {found.map((reminder) => (
                <ReminderRow key={reminder.id} reminder={reminder} />
              ))}
            </ul>
          )}
          {found.length === 0 && page > 1 && <BeyondTheEnd onFirst={() => onChange({ page: 1 })} />}
          {found.length === 0 && page === 1 && (
            <EmptyState
              icon={isFiltered ? <SearchX /> : <MailCheck />}
              heading={t(isFiltered ? "reminders.nothingFound" : "reminders.empty")}
              {...(!isFiltered && { text: t("reminders.empty.text") })}
              action={
                isFiltered && (
                  <Button onClick={() => onChange({ state: "all", page: 1 })}>{t("list.clear")}</Button>
                )
              }
            />
          )}
        </div>
      )}
      {listed.data && found.length > 0 && (
        <Pages
          page={page}
          hasNext={Boolean(listed.data.view.next)}
          onPage={(next) => onChange({ page: next })}
          texts={{
            navigation: t("list.pages"),
            previous: t("list.previous"),
            next: t("list.next"),
            summary: listed.data.totalItemsExact
              ? t("reminders.count", { count: listed.data.totalItems })
              : t("reminders.countOver", { count: formatNumber(listed.data.totalItems) }),
          }}
        />
      )}
    </Page>
  );
}

/** How reminding is set up, and a warning where nothing can be sent. */
function SettingsNotice() {
  const { t } = useLanguage();
  const settings = useQuery(reminderSettingsQuery).data;
  if (!settings) return null;
  if (settings.hoursBefore === 0) {
    return (
      <Notice tone="warn" className="mb-5">
        {t("reminders.off")}
      </Notice>
    );
  }
  const hours = formatNumber(settings.hoursBefore);
  if (settings.configured) return <p className="mb-5 text-soft">{t("reminders.text", { hours })}</p>;
  return (
    <Notice tone="warn" className="mb-5" heading={t("sending.noServer")}>
      {t("reminders.noServer")}
    </Notice>
  );
}
