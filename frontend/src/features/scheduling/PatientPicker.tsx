/** Picks a patient who can be booked, by name, phone or document. */
import type { ReactNode } from "react";
import { listPatients } from "@/api/patients";
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { type Pick, SearchPicker } from "@/ui/SearchPicker";

interface PatientPickerProps {
  value: Pick | null;
  onChange: (value: Pick | null) => void;
  error?: string | undefined;
  isFirst?: boolean;
  below?: ReactNode;
}

async function findPatients(search: string, signal: AbortSignal): Promise<Pick[]> {
  const found = await listPatients({ search, status: "active", itemsPerPage: 8 }, signal);
  return found.member.map(({ id, fullName, phone, dateOfBirth, number }) => ({
    id,
    label: fullName,
    detail: [`#${number}`, phone, dateOfBirth && formatDate(dateOfBirth)].filter(Boolean).join(" · "),
  }));
}

export function PatientPicker(props: PatientPickerProps) {
  const { t } = useLanguage();
  return (
    <SearchPicker
      {...props}
      label={t("booking.patient")}
      searchKey="patients"
      search={findPatients}
      texts={{
        placeholder: t("booking.patient.placeholder"),
        nothing: t("patients.nothingFound"),
        clear: t("booking.patient.clear"),
      }}
    />
  );
}
