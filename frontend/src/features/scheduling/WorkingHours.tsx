/** When each practitioner works: the week's slots, and for those who may see it the calendar's private address. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CalendarOff } from "lucide-react";
import { Suspense, useRef } from "react";
import { isAdmin, useMe } from "@/api/me";
import { failureOf } from "@/api/problemText";
import type { Practitioner, WeekGrid } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { FailureNotice } from "@/ui/FailureNotice";
import { onDemand } from "@/ui/onDemand";
import { Page } from "@/ui/Page";
import { Badge, EmptyState, Skeleton } from "@/ui/surface";
import { DiaryTabs } from "./DiaryTabs";
import { PractitionerChoice } from "./PractitionerChoice";
import { practitionersQuery, weekGridQuery } from "./queries";
import { WeekGridView } from "./WeekGridView";

const WeekGridEditor = onDemand(async () => (await import("./WeekGridEditor")).WeekGridEditor);

const CalendarFeed = onDemand(async () => (await import("./CalendarFeed")).CalendarFeed);

interface WorkingHoursProps {
  /** Empty for the person who looks, or the first one. */
  practitionerId: string;
  onChoose: (practitionerId: string) => void;
}

/** Tags of versions begin at 1, the clinic's default. */
const DEFAULT_VERSION = 1;

export function WorkingHours({ practitionerId, onChoose }: WorkingHoursProps) {
  const { t } = useLanguage();
  const me = useMe();
  const practitioners = useQuery(practitionersQuery);
  const active = practitioners.data?.filter((known) => known.active) ?? [];
  const wanted = [practitionerId, me.id].find((id) => active.some((known) => known.id === id));
  const chosen = active.find(({ id }) => id === wanted) ?? active[0];
  return (
    <Page heading={t("workingHours.heading")} above={<DiaryTabs />}>
      {practitioners.isError && (
        <FailureNotice urgent failure={failureOf(practitioners.error)} onRetry={practitioners.refetch} />
      )}
      {practitioners.isPending && <Skeleton className="h-96" />}
      {practitioners.data && !chosen && (
        <div className="card">
          <EmptyState
            icon={<CalendarOff />}
            heading={t("practitioners.none")}
            text={t("practitioners.none.text")}
          />
        </div>
      )}
      {chosen && (
        <>
          <PractitionerChoice practitioners={active} value={chosen.id} onChange={onChoose} />
          <Week key={chosen.id} practitioner={chosen} mayEdit={isAdmin(me) || me.id === chosen.id} />
          {(isAdmin(me) || me.id === chosen.id) && (
            <Suspense fallback={<Skeleton className="h-40" />}>
              <CalendarFeed key={chosen.id} practitioner={chosen} />
            </Suspense>
          )}
        </>
      )}
    </Page>
  );
}

function Week({ practitioner, mayEdit }: { practitioner: Practitioner; mayEdit: boolean }) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const week = useQuery(weekGridQuery(practitioner.id));
  const takeUp = (fresh: WeekGrid) => {
    queryClient.setQueryData(["week-grid", practitioner.id], fresh);
    heading.current?.focus({ preventScroll: true }); // the form begins anew, what had the focus is gone
  };
  return (
    <section aria-labelledby="week-grid" className="mb-5">
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 ref={heading} tabIndex={-1} id="week-grid" className="text-base font-semibold outline-none">
          {t("workingHours.of", { name: practitioner.name })}
        </h2>
        {week.data?.version === DEFAULT_VERSION && <Badge>{t("workingHours.default")}</Badge>}
        <p className="basis-full text-sm text-soft">
          {t(mayEdit ? "workingHours.text" : "workingHours.readOnly")}
        </p>
      </div>
      {week.isError && <FailureNotice urgent failure={failureOf(week.error)} onRetry={week.refetch} />}
      {week.isPending && <Skeleton className="h-96" />}
      {week.data &&
        (mayEdit ? (
          <Suspense fallback={<Skeleton className="h-96" />}>
            <WeekGridEditor
              key={week.data.version}
              practitionerId={practitioner.id}
              week={week.data}
              onWeek={takeUp}
            />
          </Suspense>
        ) : (
          <WeekGridView week={week.data} />
        ))}
    </section>
  );
}
