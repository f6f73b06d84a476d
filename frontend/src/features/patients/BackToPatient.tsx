/** The way back to the patient's page. */
import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { useLanguage } from "@/i18n/language";
import { buttonLook } from "@/ui/Button";
import { ABOVE } from "@/ui/Page";

export function BackToPatient({ patientId }: { patientId: string }) {
  const { t } = useLanguage();
  return (
    <Link to="/patients/$patientId" params={{ patientId }} className={buttonLook("plain", ABOVE)}>
      <ChevronLeft aria-hidden className="size-4" />
      {t("patient.heading")}
    </Link>
  );
}
