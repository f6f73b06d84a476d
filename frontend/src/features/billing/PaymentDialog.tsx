/** Records a payment or a refund; it cannot be taken back, so the button says the amount. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { recordPayment } from "@/api/billing";
import { clinic } from "@/api/clinic";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import type { Invoice, Payment, PaymentMethod } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { toWallTime } from "@/i18n/clinicTime";
import { formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { asDecimal, asTyped, centsOf, hundredths } from "./cents";
import { ledgerChanged } from "./queries";

interface PaymentDialogProps {
  invoice: Invoice;
  kind: Payment["kind"];
  onClose: () => void;
}

const METHODS = ["card", "cash", "bizum", "transfer"] as const;

/** How the last payment was made is how the next one often is. */
let lastMethod: PaymentMethod = "card";

/** What is outstanding; of a refund what was paid too much, else all. */
function expected(invoice: Invoice, kind: Payment["kind"]): string {
  if (kind === "payment") return invoice.outstanding;
  const excess = -centsOf(invoice.outstanding);
  return excess > 0 ? asDecimal(excess) : invoice.paid;
}

export function PaymentDialog({ invoice, kind, onClose }: PaymentDialogProps) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const today = toWallTime(new Date(), clinic.timezone).date;
  const [amount, setAmount] = useState(() => asTyped(expected(invoice, kind)));
  const [method, setMethod] = useState(lastMethod);
  const [date, setDate] = useState(today);
  const [wasTried, setWasTried] = useState(false);
  const amountField = useRef<HTMLInputElement>(null);
  const cents = hundredths(amount);
  const isAmount = cents !== null && cents > 0;

  const record = useMutation({
    mutationFn: () =>
      withKey((key) => recordPayment(invoice.id, { kind, amount: asDecimal(cents ?? 0), method, date }, key)),
    onSuccess: (paid) => {
      lastMethod = method;
      ledgerChanged(queryClient, paid);
      said(t(`payment.recorded.${kind}`));
      onClose();
    },
  });
  const refusal = record.error && asProblem(record.error);
  const violationAt = (path: string) =>
    refusal?.violations.find(({ propertyPath }) => propertyPath === path)?.message;
  const hasViolation = Boolean(violationAt("amount") || violationAt("date"));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWasTried(true);
    if (!isAmount) return amountField.current?.focus();
    if (!record.isPending) record.mutate();
  };

  return (
    <Dialog open onClose={onClose} heading={t(`payment.heading.${kind}`)} closeLabel={t("action.close")}>
      <form onSubmit={submit} noValidate className="grid gap-5">
        {refusal && !hasViolation && (
          <Notice tone="danger" urgent>
            {problemText(refusal)}
          </Notice>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            ref={amountField}
            label={t("payment.amount")}
            value={amount}
            onChange={(event) => setAmount(event.target.value)}
            onFocus={(event) => event.target.select()}
            inputMode="decimal"
            autoComplete="off"
            autoFocus
            required
            hint={clinic.currency}
            error={wasTried && !isAmount ? t("form.money") : violationAt("amount")}
          />
          <TextField
            label={t("invoice.date")}
            type="date"
            value={date}
            max={today}
            onChange={(event) => setDate(event.target.value)}
            required
            error={violationAt("date")}
          />
        </div>
        <fieldset>
          <legend className="mb-1.5 text-sm font-medium">{t("payment.method")}</legend>
          <div className="grid grid-cols-2 gap-2">
            {METHODS.map((choice) => (
              <label
                key={choice}
                className={classes(
                  "flex min-h-11 cursor-pointer items-center gap-3 rounded-field border px-3",
                  choice === method ? "border-accent-text bg-accent-soft" : "border-strong-line/60",
                )}
              >
                <input
                  type="radio"
                  name="method"
                  className="size-5 accent-accent-text"
                  checked={choice === method}
                  onChange={() => setMethod(choice)}
                />
                {t(`payment.method.${choice}`)}
              </label>
            ))}
          </div>
        </fieldset>
        <p className="text-sm text-soft">{t("payment.final")}</p>
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="primary" busy={record.isPending} className="max-md:flex-1">
            {isAmount
              ? t(`payment.record.${kind}`, { amount: formatMoney(asDecimal(cents), invoice.currency) })
              : t(`payment.heading.${kind}`)}
          </Button>
          <Button onClick={onClose} className="max-md:flex-1">
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
