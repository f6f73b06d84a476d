/** What was written in a record, field by field. */
import type { ClinicalRecord } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { writtenTexts } from "./recordFields";

export function RecordTexts({ record }: { record: ClinicalRecord }) {
  const { t } = useLanguage();
  return (
    <dl className="mt-2 grid gap-2">
      {writtenTexts(record).map((name) => (
        <div key={name} className="wrap-anywhere">
          <dt className="text-sm text-soft">{t(`record.${name}`)}</dt>
          <dd className="whitespace-pre-line">{record[name]}</dd>
        </div>
      ))}
    </dl>
  );
}
