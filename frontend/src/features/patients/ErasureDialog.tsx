/** An erasure cannot be undone: it shows what goes and what the law keeps, wants a reason and the patient's number typed. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { erasePatient } from "@/api/patients";
import { asProblem } from "@/api/problem";
import { failureOf, problemText } from "@/api/problemText";
import type { Erasure, Patient } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { FailureNotice } from "@/ui/FailureNotice";
import { TextArea, TextField } from "@/ui/Field";
import { Notice, Skeleton } from "@/ui/surface";
import { said } from "@/ui/toast";
import { erasurePreviewQuery } from "./queries";

interface ErasureDialogProps {
  patient: Patient;
  onClose: () => void;
  onErased: () => void;
}

export function ErasureDialog({ patient, onClose, onErased }: ErasureDialogProps) {
  const { t } = useLanguage();
  const preview = useQuery(erasurePreviewQuery(patient.id));
  return (
    <Dialog open onClose={onClose} heading={t("erasure.open")} closeLabel={t("action.close")}>
      {preview.isPending && <Skeleton className="h-64" />}
      {preview.isError && (
        <FailureNotice urgent failure={failureOf(preview.error)} onRetry={preview.refetch} />
      )}
      {preview.data && (
        <div className="grid gap-5">
          <ErasureParts erasure={preview.data} />
          <Confirmation patient={patient} onClose={onClose} onErased={onErased} />
        </div>
      )}
    </Dialog>
  );
}

function ErasureParts({ erasure }: { erasure: Erasure }) {
  const { t } = useLanguage();
  return (
    <>
      <section>
        <h3 className="mb-1 font-semibold text-danger">{t("erasure.goes")}</h3>
        <ul className="grid gap-1">
          {erasure.erased.map(({ context, what, title, count }) => (
            <li key={`${context}.${what}`} className="flex justify-between gap-4">
              <span className="wrap-anywhere">{title}</span>
              <span className="text-soft tabular-nums">{count}</span>
            </li>
          ))}
        </ul>
      </section>
      {erasure.kept.length > 0 && (
        <section>
          <h3 className="mb-1 font-semibold">{t("erasure.stays")}</h3>
          <ul className="grid gap-3">
            {byGround(erasure.kept).map(({ ground, until, titles }) => (
              <li key={ground + until}>
                {titles.join(", ")}
                <span className="block text-sm text-soft">
                  {ground} {until && t("erasure.until", { date: formatDate(until) })}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface Ground {
  ground: string;
  until: string | null;
  titles: string[];
}

/** What is kept for the same reason and as long is told once. */
function byGround(kept: Erasure["kept"]): Ground[] {
  const grounds = new Map<string, Ground>();
  for (const { title, count, reason: ground, until } of kept) {
    const key = ground + until;
    const known = grounds.get(key) ?? { ground, until, titles: [] };
    known.titles.push(`${title} (${count})`);
    grounds.set(key, known);
  }
  return [...grounds.values()];
}

function Confirmation({ patient, onClose, onErased }: ErasureDialogProps) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [wasTried, setWasTried] = useState(false);
  const reasonField = useRef<HTMLTextAreaElement>(null);
  const numberField = useRef<HTMLInputElement>(null);

  const erase = useMutation({
    mutationFn: () => withKey((key) => erasePatient(patient.id, reason.trim(), patient.version, key)),
    onSuccess: () => {
      queryClient.removeQueries({ queryKey: ["records", patient.id] });
      for (const part of ["patients", "appointments", "invoices", "changes", "dashboard"]) {
        void queryClient.invalidateQueries({ queryKey: [part] });
      }
      said(t("erasure.done"));
      onErased();
    },
  });
  const refusal = erase.error ? asProblem(erase.error) : null;
  const isReasonMissing = wasTried && reason.trim() === "";
  const isNumberWrong = wasTried && typed.trim() !== String(patient.number);
  const reasonError = isReasonMissing ? t("form.required") : refusal?.violations[0]?.message;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWasTried(true);
    if (reason.trim() === "") return reasonField.current?.focus();
    if (typed.trim() !== String(patient.number)) return numberField.current?.focus();
    if (!erase.isPending) erase.mutate();
  };

  return (
    <form onSubmit={submit} noValidate className="grid gap-4 border-t border-line pt-5">
      {refusal && !reasonError && (
        <Notice tone="danger" urgent>
          {problemText(refusal)}
        </Notice>
      )}
      <TextArea
        ref={reasonField}
        label={t("erasure.reason")}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        maxLength={500}
        rows={2}
        required
        error={reasonError}
      />
      <TextField
        ref={numberField}
        label={t("erasure.confirm", { number: patient.number })}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        inputMode="numeric"
        autoComplete="off"
        required
        error={isNumberWrong ? t("erasure.confirm.wrong") : undefined}
      />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="danger" busy={erase.isPending} className="max-md:flex-1">
          {t("erasure.action")}
        </Button>
        <Button onClick={onClose} className="max-md:flex-1">
          {t("action.cancel")}
        </Button>
      </div>
    </form>
  );
}
