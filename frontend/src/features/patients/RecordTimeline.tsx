/** The clinical history, newest first, each record in its latest version. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BookOpenText, CopyPlus, NotebookPen } from "lucide-react";
import { useState } from "react";
import { failureOf } from "@/api/problemText";
import { useLanguage } from "@/i18n/language";
import { buttonLook } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Pages } from "@/ui/ListControls";
import { Card, EmptyState, Skeleton } from "@/ui/surface";
import { recordsQuery } from "./queries";
import { RecordEntry } from "./RecordEntry";

interface RecordTimelineProps {
  patientId: string;
  /** False where the file is closed: an erased patient's records are only kept. */
  mayWrite: boolean;
}

export function RecordTimeline({ patientId, mayWrite }: RecordTimelineProps) {
  const { t } = useLanguage();
  const [page, setPage] = useState(1);
  const records = useQuery(recordsQuery(patientId, page));
  const found = records.data?.member ?? [];
  return (
    <Card
      heading={t("records.heading")}
      action={<TimelineActions patientId={patientId} mayWrite={mayWrite} hasRecords={found.length > 0} />}
    >
      {records.isPending && <Skeleton className="h-32" />}
      {records.isError && <FailureNotice failure={failureOf(records.error)} onRetry={records.refetch} />}
      {records.data && found.length === 0 && (
        <EmptyState icon={<NotebookPen />} heading={t("records.empty")} text={t("records.empty.text")} />
      )}
      {records.data && found.length > 0 && (
        <>
          <ol className="grid gap-6 border-l-2 border-line pl-5">
            {found.map((record) => (
              <RecordEntry key={record.id} record={record} mayCorrect={mayWrite} />
            ))}
          </ol>
          <Pages
            page={page}
            hasNext={Boolean(records.data.view.next)}
            onPage={setPage}
            texts={{
              navigation: t("records.pages"),
              previous: t("list.previous"),
              next: t("list.next"),
              summary: t("records.count", { count: records.data.totalItems }),
            }}
          />
        </>
      )}
    </Card>
  );
}

function TimelineActions({ patientId, mayWrite, hasRecords }: RecordTimelineProps & { hasRecords: boolean }) {
  const { t } = useLanguage();
  const params = { patientId };
  return (
    <div className="flex flex-wrap gap-2">
      {hasRecords && (
        <Link to="/patients/$patientId/history" params={params} className={buttonLook("plain", "px-2")}>
          <BookOpenText aria-hidden className="size-4" />
          {t("history.open")}
        </Link>
      )}
      {mayWrite && hasRecords && (
        <Link
          to="/patients/$patientId/records/new"
          params={params}
          search={{ carry: true }}
          className={buttonLook("quiet")}
        >
          <CopyPlus aria-hidden className="size-4" />
          {t("record.carry")}
        </Link>
      )}
      {mayWrite && (
        <Link to="/patients/$patientId/records/new" params={params} className={buttonLook("quiet")}>
          <NotebookPen aria-hidden className="size-4" />
          {t("records.new")}
        </Link>
      )}
    </div>
  );
}
