/** The head of what is printed about a patient: the clinic, whose paper it is, when and by whom it was made. */
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import type { Patient } from "@/api/types";
import { formatDate, formatDateTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";

export function PaperHead({ patient, title }: { patient: Patient; title: string }) {
  const { t } = useLanguage();
  const me = useMe();
  const [name, ...address] = clinic.letterhead;
  const person = [
    t("patient.number", { number: patient.number }),
    patient.dateOfBirth && `${t("patient.dateOfBirth")}: ${formatDate(patient.dateOfBirth)}`,
    patient.taxId && `${t("patient.taxId")}: ${patient.taxId}`,
  ];
  return (
    <div className="hidden border-b border-line pb-3 print:mb-5 print:block">
      <p className="flex justify-between gap-6">
        <span className="text-lg font-semibold">{name}</span>
        <span className="text-sm">
          {t("paper.made", { time: formatDateTime(new Date(), clinic.timezone), name: me.name })}
        </span>
      </p>
      {address.map((line) => (
        <p key={line} className="text-sm">
          {line}
        </p>
      ))}
      <p className="mt-3 text-xl font-semibold">{title}</p>
      <p className="font-semibold">{patient.fullName}</p>
      <p className="text-sm">{person.filter(Boolean).join(" · ")}</p>
    </div>
  );
}
