/** The clinical history, newest first. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { NotebookPen } from "lucide-react";
import { useState } from "react";
import { problemText } from "@/api/problemText";
import type { ClinicalRecord } from "@/api/types";
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { Pages } from "@/ui/ListControls";
import { Badge, Card, EmptyState, Notice, Skeleton } from "@/ui/surface";
import { recordsQuery } from "./queries";
import { RECORD_TEXTS } from "./recordFields";

export function RecordTimeline({ patientId }: { patientId: string }) {
  const { t } = useLanguage();
  const [page, setPage] = useState(1);
  const records = useQuery(recordsQuery(patientId, page));
  const write = (
    <Link to="/patients/$patientId/records/new" params={{ patientId }} className={buttonLook("quiet")}>
      <NotebookPen aria-hidden className="size-4" />
      {t("records.new")}
    </Link>
  );
  return (
    <Card heading={t("records.heading")} action={write}>
      {records.isPending && <Skeleton className="h-32" />}
      {records.isError && (
        <Notice
          tone="danger"
          actions={<Button onClick={() => records.refetch()}>{t("action.retry")}</Button>}
        >
          {problemText(records.error)}
        </Notice>
      )}
      {records.data?.member.length === 0 && (
        <EmptyState icon={<NotebookPen />} heading={t("records.empty")} text={t("records.empty.text")} />
      )}
      {records.data && records.data.member.length > 0 && (
        <>
          <ol className="grid gap-6 border-l-2 border-line pl-5">
            {records.data.member.map((record) => (
              <RecordEntry key={record.id} record={record} />
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

function RecordEntry({ record }: { record: ClinicalRecord }) {
  const { t } = useLanguage();
  const written = RECORD_TEXTS.filter((name) => record[name]);
  return (
    <li className="relative min-w-0 before:absolute before:top-1.5 before:-left-[1.625rem] before:size-3 before:rounded-full before:bg-accent before:ring-4 before:ring-surface">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-semibold">{formatDate(record.date)}</h3>
        <span className="text-sm text-soft">
          {t("record.by", { number: record.number, author: record.authorName })}
        </span>
        {record.sickLeave && <Badge tone="warn">{t("record.sickLeave")}</Badge>}
      </div>
      <dl className="mt-2 grid gap-2">
        {written.map((name) => (
          <div key={name} className="wrap-anywhere">
            <dt className="text-sm text-soft">{t(`record.${name}`)}</dt>
            <dd className="whitespace-pre-line">{record[name]}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}
