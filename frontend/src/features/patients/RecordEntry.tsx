/** One record of the timeline in its latest version, with its history one click away. */
import { Link } from "@tanstack/react-router";
import { History, PencilLine } from "lucide-react";
import { useState } from "react";
import { clinic } from "@/api/clinic";
import type { ClinicalRecord } from "@/api/types";
import { toWallTime } from "@/i18n/clinicTime";
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { Badge } from "@/ui/surface";
import { RecordTexts } from "./RecordTexts";
import { RecordVersions } from "./RecordVersions";

interface RecordEntryProps {
  record: ClinicalRecord;
  mayCorrect: boolean;
}

export function RecordEntry({ record, mayCorrect }: RecordEntryProps) {
  const { t } = useLanguage();
  const [areVersionsShown, setAreVersionsShown] = useState(false);
  const writtenOn = toWallTime(record.createdAt, clinic.timezone).date;
  const corrections = record.revision - 1;
  return (
    <li className="relative min-w-0 before:absolute before:top-1.5 before:-left-[1.625rem] before:size-3 before:rounded-full before:bg-accent before:ring-4 before:ring-surface">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-semibold">{formatDate(record.date)}</h3>
        <span className="text-sm text-soft">
          {t("record.by", { number: record.number, author: record.authorName })}
        </span>
        {record.sickLeave && <Badge tone="warn">{t("record.sickLeave")}</Badge>}
        {corrections === 0 && writtenOn !== record.date && (
          <span className="text-sm text-soft">{t("record.writtenOn", { date: formatDate(writtenOn) })}</span>
        )}
      </div>
      <RecordTexts record={record} />
      <div className="mt-1 flex flex-wrap gap-x-5 max-md:gap-x-4">
        {corrections > 0 && (
          <Button
            look="plain"
            aria-expanded={areVersionsShown}
            onClick={() => setAreVersionsShown(!areVersionsShown)}
          >
            <History aria-hidden className="size-4" />
            {t("record.corrected", { count: corrections })}
          </Button>
        )}
        {mayCorrect && (
          <Link
            to="/patients/$patientId/records/$recordId/correct"
            params={{ patientId: record.patientId, recordId: record.id }}
            aria-label={t("record.correct.of", { number: record.number })}
            className={buttonLook("plain")}
          >
            <PencilLine aria-hidden className="size-4" />
            {t("record.correct")}
          </Link>
        )}
      </div>
      {areVersionsShown && <RecordVersions record={record} />}
    </li>
  );
}
