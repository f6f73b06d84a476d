/** The patients of a list: a table on the desk, cards on a phone, each a link to the patient. */
import { Link } from "@tanstack/react-router";
import { forwardRef } from "react";
import type { PatientSummary } from "@/api/types";
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { Badge, Initials, initialsOf } from "@/ui/surface";

const COLUMNS =
  "md:grid md:grid-cols-[minmax(0,2.4fr)_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)_6rem] md:gap-4";

interface PatientRowsProps {
  patients: PatientSummary[];
  isBusy: boolean;
  onOpen: (patientId: string) => void;
}

export const PatientRows = forwardRef<HTMLUListElement, PatientRowsProps>(
  ({ patients, isBusy, onOpen }, ref) => {
    const { t } = useLanguage();
    return (
      <>
        <div
          aria-hidden
          className={classes("hidden border-b border-line px-5 py-2.5 text-sm text-soft", COLUMNS)}
        >
          <span>{t("patients.name")}</span>
          <span>{t("patient.phone")}</span>
          <span>{t("patient.taxId")}</span>
          <span>{t("patient.dateOfBirth")}</span>
          <span>{t("patients.status")}</span>
        </div>
        <ul ref={ref} aria-label={t("patients.heading")} aria-busy={isBusy}>
          {patients.map((patient) => (
            <PatientRow key={patient.id} patient={patient} onOpen={() => onOpen(patient.id)} />
          ))}
        </ul>
      </>
    );
  },
);

function PatientRow({ patient, onOpen }: { patient: PatientSummary; onOpen: () => void }) {
  const { t } = useLanguage();
  const isInactive = patient.status === "inactive";
  return (
    <li
      className={classes(
        "relative border-b border-line px-5 py-3 transition-colors last:border-0 hover:bg-sunken/60",
        "focus-within:bg-accent-soft md:items-center",
        COLUMNS,
      )}
    >
      <div className="flex min-w-0 items-center gap-3">
        <span className={classes(isInactive && "grayscale")}>
          <Initials text={initialsOf(patient.fullName)} />
        </span>
        <div className={classes("min-w-0", isInactive && "max-md:pr-16")}>
          <Link
            data-row={patient.id}
            to="/patients/$patientId"
            params={{ patientId: patient.id }}
            onClick={onOpen}
            className="font-medium wrap-anywhere after:absolute after:inset-0"
          >
            {patient.fullName}
          </Link>
          <p className="text-sm text-soft">{t("patient.number", { number: patient.number })}</p>
        </div>
      </div>
      <div className="max-md:ml-12 max-md:flex max-md:flex-wrap max-md:gap-x-3 max-md:text-sm max-md:text-soft md:contents">
        <Cell label={t("patient.phone")} value={patient.phone} />
        <Cell label={t("patient.taxId")} value={patient.taxId} />
        <Cell
          label={t("patient.dateOfBirth")}
          value={patient.dateOfBirth && formatDate(patient.dateOfBirth)}
        />
      </div>
      <div className="max-md:absolute max-md:top-3 max-md:right-4">
        {isInactive ? (
          <Badge>{t("patients.status.inactive")}</Badge>
        ) : (
          <span className="max-md:hidden">
            <Badge tone="ok">{t("patients.status.active")}</Badge>
          </span>
        )}
      </div>
    </li>
  );
}

function Cell({ label, value }: { label: string; value: string | null }) {
  if (!value) return <div className="hidden text-soft md:block">–</div>;
  return (
    <div className="wrap-anywhere">
      <span className="sr-only">{label}: </span>
      {value}
    </div>
  );
}
