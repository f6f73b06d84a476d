/** Says what the record's form began from, and what becomes of that. */
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Notice } from "@/ui/surface";
import type { RecordStart } from "./recordForm";

interface RecordStartNoticeProps {
  start: RecordStart;
  /** A colleague corrected the record while this was being written. */
  isOvertaken: boolean;
}

export function RecordStartNotice({ start, isOvertaken }: RecordStartNoticeProps) {
  const { t } = useLanguage();
  if (start.kind === "new") return null;
  const { number, date, revision, authorName } = start.base;
  const of = { number, date: formatDate(date), revision, author: authorName };
  if (start.kind === "carried")
    return (
      <Notice tone="accent" className="mb-4" heading={t("record.carried.heading", of)}>
        {t("record.carried.text")}
      </Notice>
    );
  return (
    <>
      {isOvertaken && (
        <Notice tone="warn" urgent className="mb-4" heading={t("record.overtaken", of)}>
          {t("record.overtaken.text")}
        </Notice>
      )}
      <Notice tone="accent" className="mb-4" heading={t("record.correcting.heading", of)}>
        {t("record.correcting.text", { ...of, next: revision + 1 })}
      </Notice>
    </>
  );
}
