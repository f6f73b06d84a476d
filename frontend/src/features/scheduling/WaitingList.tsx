/** Who waits for an appointment: the longest waiting first, with times that suit, one click from a booking. */
import { useQuery } from "@tanstack/react-query";
import { Hourglass, Plus, SearchX } from "lucide-react";
import { Suspense, useState } from "react";
import { failureOf } from "@/api/problemText";
import type { WaitingEntry, WaitingStatus } from "@/api/types";
import { formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { FailureNotice } from "@/ui/FailureNotice";
import { Select } from "@/ui/Field";
import { BeyondTheEnd, Pages } from "@/ui/ListControls";
import { onDemand } from "@/ui/onDemand";
import { Page } from "@/ui/Page";
import { EmptyState, SkeletonRows } from "@/ui/surface";
import { DiaryTabs } from "./DiaryTabs";
import { FreedSlots } from "./FreedSlots";
import { practitionersQuery, waitingQuery } from "./queries";
import { WaitingRow } from "./WaitingRow";

const WaitingDialog = onDemand(async () => (await import("./WaitingDialog")).WaitingDialog);

export interface WaitingListState {
  status: WaitingStatus | "all";
  /** Empty for everybody's. */
  practitioner: string;
  page: number;
}

interface WaitingListProps {
  state: WaitingListState;
  onChange: (change: Partial<WaitingListState>) => void;
}

const WAITING_STATUSES = ["waiting", "booked", "withdrawn", "expired", "all"] as const;

export function WaitingList({ state, onChange }: WaitingListProps) {
  const { t } = useLanguage();
  const { status, practitioner, page } = state;
  const practitioners = useQuery(practitionersQuery).data ?? [];
  const listed = useQuery(waitingQuery({ status, page, practitionerId: practitioner || undefined }));
  const [opened, setOpened] = useState<WaitingEntry | "new" | null>(null);
  const found = listed.data?.member ?? [];
  const isFiltered = status !== "waiting" || practitioner !== "";
  const narrow = (part: Partial<WaitingListState>) => onChange({ ...part, page: 1 });
  const add = (
    <Button look="primary" onClick={() => setOpened("new")} className="max-md:flex-1">
      <Plus aria-hidden className="size-5" />
      {t("waiting.new")}
    </Button>
  );
  return (
    <Page heading={t("waiting.heading")} above={<DiaryTabs />} actions={add}>
      {status === "waiting" && <FreedSlots />}
      <div className="mb-4 grid grid-cols-2 gap-3 md:max-w-xl">
        <Select
          label={t("patients.status")}
          value={status}
          onChange={(event) => narrow({ status: event.target.value as WaitingListState["status"] })}
        >
          {WAITING_STATUSES.map((value) => (
            <option key={value} value={value}>
              {t(`waiting.show.${value}`)}
            </option>
          ))}
        </Select>
        <Select
          label={t("booking.practitioner")}
          value={practitioner}
          onChange={(event) => narrow({ practitioner: event.target.value })}
        >
          <option value="">{t("timeOff.everybody")}</option>
          {practitioners.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </div>
      {listed.isError && <FailureNotice urgent failure={failureOf(listed.error)} onRetry={listed.refetch} />}
      {listed.isPending && (
        <div className="card">
          <SkeletonRows rows={5} className="h-20" />
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
            <ul aria-label={t("waiting.heading")} className="divide-y divide-line">
              {found.map((entry) => (
                <WaitingRow key={entry.id} entry={entry} onEdit={() => setOpened(entry)} />
              ))}
            </ul>
          )}
          {found.length === 0 && page > 1 && <BeyondTheEnd onFirst={() => narrow({})} />}
          {found.length === 0 && page === 1 && (
            <EmptyState
              icon={isFiltered ? <SearchX /> : <Hourglass />}
              heading={t(isFiltered ? "waiting.nothingFound" : "waiting.empty")}
              {...(!isFiltered && { text: t("waiting.empty.text") })}
              action={
                isFiltered ? (
                  <Button onClick={() => narrow({ status: "waiting", practitioner: "" })}>
                    {t("list.clear")}
                  </Button>
                ) : (
                  <Button onClick={() => setOpened("new")}>{t("waiting.new")}</Button>
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
              ? t("waiting.count", { count: listed.data.totalItems })
              : t("waiting.countOver", { count: formatNumber(listed.data.totalItems) }),
          }}
        />
      )}
      <Suspense>
        {opened && <WaitingDialog entry={opened === "new" ? null : opened} onClose={() => setOpened(null)} />}
      </Suspense>
    </Page>
  );
}
