/** A rectification cannot be undone: it shows what it leads to and wants the invoice's number typed. */
import { type FormEvent, useRef, useState } from "react";
import type { Invoice } from "@/api/types";
import { formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";

interface RectificationConfirmationProps {
  invoice: Invoice;
  heading: string;
  dueAfter: string;
  isBusy: boolean;
  onConfirm: () => void;
  onBack: () => void;
}

const plain = (number: string) => number.replace(/\s/g, "").toUpperCase();

export function RectificationConfirmation({
  invoice,
  heading,
  dueAfter,
  isBusy,
  onConfirm,
  onBack,
}: RectificationConfirmationProps) {
  const { t } = useLanguage();
  const [typed, setTyped] = useState("");
  const [wasTried, setWasTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const isRight = plain(typed) === plain(invoice.displayNumber);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation(); // the correction's own form is around this one
    setWasTried(true);
    if (!isRight) return field.current?.focus();
    if (!isBusy) onConfirm();
  };
  return (
    <Dialog open onClose={() => !isBusy && onBack()} heading={heading} closeLabel={t("action.close")}>
      <form onSubmit={submit} noValidate className="grid gap-5">
        <p>{t("rectify.confirm.text")}</p>
        <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-2 rounded-field bg-sunken p-4 tabular-nums">
          <dt className="text-soft">{t("rectify.before", { number: invoice.displayNumber })}</dt>
          <dd className="text-right">{formatMoney(invoice.due, invoice.currency)}</dd>
          <dt className="text-soft">{t("rectify.after")}</dt>
          <dd className="text-right text-lg font-semibold">{dueAfter}</dd>
          <dt className="text-soft">{t("payments.paid")}</dt>
          <dd className="text-right">{formatMoney(invoice.paid, invoice.currency)}</dd>
        </dl>
        <TextField
          ref={field}
          label={t("rectify.confirm", { number: invoice.displayNumber })}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          autoFocus
          required
          error={wasTried && !isRight ? t("rectify.confirm.wrong") : undefined}
        />
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="danger" busy={isBusy} className="max-md:flex-1">
            {t("rectify.action")}
          </Button>
          <Button disabled={isBusy} onClick={onBack} className="max-md:flex-1">
            {t("action.back")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
