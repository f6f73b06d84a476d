/** When practitioners are away and the clinic is closed: what is coming and what was. */
import { useQuery } from "@tanstack/react-query";
import { Building2, CalendarOff, Pencil, Plus, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";
import { mayPlanForAll, useMe } from "@/api/me";
import { failureOf } from "@/api/problemText";
import type { Practitioner, TimeOff, User } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Button, IconButton } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Select } from "@/ui/Field";
import { Choice } from "@/ui/ListControls";
import { onDemand } from "@/ui/onDemand";
import { Page } from "@/ui/Page";
import { Badge, EmptyState, Initials, SkeletonRows } from "@/ui/surface";
import { DiaryTabs } from "./DiaryTabs";
import { dayText, spanText } from "./dayText";
import { listedTimeOffQuery, practitionersQuery } from "./queries";
import { toTimeOffForm } from "./timeOffForm";
import { useTimeOffDeletion } from "./useTimeOffChange";

const TimeOffDialog = onDemand(async () => (await import("./TimeOffDialog")).TimeOffDialog);

export interface TimeOffState {
  show: "coming" | "past";
  /** Empty for everybody's. */
  practitioner: string;
}

interface TimeOffPageProps {
  state: TimeOffState;
  onChange: (change: Partial<TimeOffState>) => void;
}

const mayChange = (me: User, { practitionerId }: TimeOff) => mayPlanForAll(me) || practitionerId === me.id;

export function TimeOffPage({ state, onChange }: TimeOffPageProps) {
  const { t } = useLanguage();
  const me = useMe();
  const practitioners = useQuery(practitionersQuery).data ?? [];
  const found = useQuery(listedTimeOffQuery(state.show, state.practitioner));
  const [opened, setOpened] = useState<TimeOff | "new" | null>(null);
  const mayAdd = mayPlanForAll(me) || me.practitioner;
  const isPast = state.show === "past";
  return (
    <Page
      heading={t("timeOff.heading")}
      above={<DiaryTabs />}
      actions={
        mayAdd && (
          <Button look="primary" onClick={() => setOpened("new")} className="max-md:flex-1">
            <Plus aria-hidden className="size-5" />
            {t("timeOff.new")}
          </Button>
        )
      }
    >
      <div className="mb-4 grid gap-3 md:grid-cols-[auto_18rem] md:justify-between">
        <Choice
          label={t("timeOff.heading")}
          value={state.show}
          onChange={(show) => onChange({ show })}
          options={(["coming", "past"] as const).map((value) => ({
            value,
            label: t(`timeOff.show.${value}`),
          }))}
        />
        <Select
          hideLabel
          label={t("booking.practitioner")}
          value={state.practitioner}
          onChange={(event) => onChange({ practitioner: event.target.value })}
        >
          <option value="">{t("timeOff.everybody")}</option>
          {practitioners.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </div>
      {found.isError && <FailureNotice urgent failure={failureOf(found.error)} onRetry={found.refetch} />}
      <div className="card overflow-hidden">
        {found.isPending && <SkeletonRows rows={4} />}
        {found.data?.length === 0 && (
          <EmptyState
            icon={<CalendarOff />}
            heading={t(isPast ? "timeOff.empty.past" : "timeOff.empty")}
            {...(!isPast && { text: t("timeOff.empty.text") })}
            action={mayAdd && !isPast && <Button onClick={() => setOpened("new")}>{t("timeOff.new")}</Button>}
          />
        )}
        {found.data && found.data.length > 0 && (
          <ul aria-label={t("timeOff.heading")} className="divide-y divide-line">
            {found.data.map((timeOff) => (
              <TimeOffRow
                key={timeOff.id}
                timeOff={timeOff}
                practitioner={practitioners.find(({ id }) => id === timeOff.practitionerId)}
                onEdit={mayChange(me, timeOff) ? () => setOpened(timeOff) : null}
              />
            ))}
          </ul>
        )}
      </div>
      <Suspense>
        {opened && (
          <TimeOffDialog
            timeOff={opened === "new" ? null : opened}
            practitioners={practitioners.filter(({ active }) => active)}
            onClose={() => setOpened(null)}
          />
        )}
      </Suspense>
    </Page>
  );
}

interface TimeOffRowProps {
  timeOff: TimeOff;
  practitioner: Practitioner | undefined;
  /** Null for those who may only look. */
  onEdit: (() => void) | null;
}

function TimeOffRow({ timeOff, practitioner, onEdit }: TimeOffRowProps) {
  const { t } = useLanguage();
  const deletion = useTimeOffDeletion();
  const who = timeOff.practitionerId ? (practitioner?.name ?? "–") : t("timeOff.clinic");
  const what = `${who}, ${whenText(timeOff)}`;
  const isNow = Date.parse(timeOff.startsAt) <= Date.now() && Date.now() < Date.parse(timeOff.endsAt);
  return (
    <li className="flex items-center gap-3 px-4 py-3 md:px-5">
      {practitioner ? (
        <Initials text={practitioner.initials} colour={practitioner.colour} />
      ) : (
        <span className="flex size-9 shrink-0 items-center justify-center rounded-full bg-sunken text-soft">
          <Building2 aria-hidden className="size-4.5" />
        </span>
      )}
      <div className="min-w-0 flex-1 md:grid md:grid-cols-[minmax(0,1fr)_minmax(0,1.3fr)] md:items-center md:gap-4">
        <p className="flex flex-wrap items-center gap-x-3 font-medium first-letter:uppercase wrap-anywhere">
          {whenText(timeOff)}
          {isNow && <Badge tone="accent">{t("timeOff.now")}</Badge>}
        </p>
        <p className="wrap-anywhere">
          {who}
          {timeOff.title && <span className="text-soft"> · {timeOff.title}</span>}
        </p>
      </div>
      {onEdit && (
        <span className="flex max-md:-me-2">
          <IconButton label={t("timeOff.edit.of", { what })} onClick={onEdit}>
            <Pencil aria-hidden className="size-4" />
          </IconButton>
          <IconButton
            label={t("timeOff.delete.of", { what })}
            onClick={() => !deletion.isPending && deletion.mutate(timeOff)}
          >
            <Trash2 aria-hidden className="size-4" />
          </IconButton>
        </span>
      )}
    </li>
  );
}

function whenText(timeOff: TimeOff): string {
  if (!timeOff.allDay) return spanText(timeOff.startsAt, timeOff.endsAt);
  const { firstDay, lastDay } = toTimeOffForm(timeOff);
  const first = dayText(timeOff.startsAt);
  return firstDay === lastDay ? first : `${first} – ${dayText(`${lastDay}T12:00:00Z`)}`;
}
