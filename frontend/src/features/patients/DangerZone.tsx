/** What changes how a patient is kept: inactive and back with an undo, and for admins the erasure. */
import { Archive, ArchiveRestore, Eraser } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { isAdmin, useMe } from "@/api/me";
import type { Patient } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { onDemand } from "@/ui/onDemand";
import { useStatusChange } from "./useStatusChange";

const ErasureDialog = onDemand(async () => (await import("./ErasureDialog")).ErasureDialog);

interface DangerZoneProps {
  patient: Patient;
  onChanged: (patient: Patient) => void;
  onErased: () => void;
}

export function DangerZone({ patient, onChanged, onErased }: DangerZoneProps) {
  const { t } = useLanguage();
  const me = useMe();
  const change = useStatusChange(onChanged);
  const [isErasing, setIsErasing] = useState(false);
  const isActive = patient.status === "active";
  const Icon = isActive ? Archive : ArchiveRestore;
  return (
    <section aria-labelledby="danger-zone" className="card mt-5 border-danger/40 p-5 md:p-6">
      <h2 id="danger-zone" className="mb-2 text-base font-semibold text-danger">
        {t("patient.danger")}
      </h2>
      <div className="divide-y divide-line">
        <Step
          heading={t(isActive ? "patient.deactivate" : "patient.reactivate")}
          text={t(isActive ? "patient.deactivate.text" : "patient.reactivate.text")}
        >
          <Button
            look={isActive ? "danger" : "quiet"}
            busy={change.isPending}
            onClick={() => change.mutate({ patient })}
            className="max-md:w-full"
          >
            <Icon aria-hidden className="size-5" />
            {t(isActive ? "patient.deactivate" : "patient.reactivate")}
          </Button>
        </Step>
        {isAdmin(me) && (
          <Step heading={t("erasure.heading")} text={t("erasure.text")}>
            <Button look="danger" onClick={() => setIsErasing(true)} className="max-md:w-full">
              <Eraser aria-hidden className="size-5" />
              {t("erasure.open")}
            </Button>
          </Step>
        )}
      </div>
      <Suspense>
        {isErasing && (
          <ErasureDialog patient={patient} onClose={() => setIsErasing(false)} onErased={onErased} />
        )}
      </Suspense>
    </section>
  );
}

function Step({ heading, text, children }: { heading: string; text: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4 last:pb-0">
      <div className="min-w-0 flex-1 basis-72">
        <h3 className="font-medium">{heading}</h3>
        <p className="text-sm text-soft">{text}</p>
      </div>
      {children}
    </div>
  );
}
