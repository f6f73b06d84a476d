/** What an admin hands out when a patient asks: who opened the file, and a copy of everything held. */
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Braces, Download, FileClock } from "lucide-react";
import { copyAsJson, copyAsPdf } from "@/api/patients";
import { problemText } from "@/api/problemText";
import type { Patient } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { saveFile } from "@/ui/saveFile";
import { Card } from "@/ui/surface";
import { saidProblem } from "@/ui/toast";

const COPIES = { pdf: copyAsPdf, json: copyAsJson };

export function DataProtection({ patient }: { patient: Patient }) {
  const { locale, t } = useLanguage();
  const copy = useMutation({
    mutationFn: async (format: keyof typeof COPIES) =>
      saveFile(await COPIES[format](patient.id, locale), `patient-${patient.number}.${format}`),
    onError: (error) => saidProblem(problemText(error)),
  });
  const isBusy = (format: keyof typeof COPIES) => copy.isPending && copy.variables === format;
  return (
    <Card heading={t("protection.heading")}>
      <p className="mb-3 text-sm text-soft">{t("protection.text")}</p>
      <div className="grid gap-2">
        <Link
          to="/patients/$patientId/access-log"
          params={{ patientId: patient.id }}
          className={buttonLook("quiet", "justify-start")}
        >
          <FileClock aria-hidden className="size-5 text-accent-text" />
          {t("accesses.who")}
        </Link>
        <Button busy={isBusy("pdf")} onClick={() => copy.mutate("pdf")} className="justify-start">
          <Download aria-hidden className="size-5 text-accent-text" />
          {t("protection.copy.pdf")}
        </Button>
        <Button busy={isBusy("json")} onClick={() => copy.mutate("json")} className="justify-start">
          <Braces aria-hidden className="size-5 text-accent-text" />
          {t("protection.copy.json")}
        </Button>
      </div>
    </Card>
  );
}
