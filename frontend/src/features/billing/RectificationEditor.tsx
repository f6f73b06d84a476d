/** Corrects an issued invoice in the only way there is: by another one, in a series of its own. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { useForm } from "react-hook-form";
import { rectifyInvoice } from "@/api/billing";
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import type { Invoice, RectificationInput } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { toWallTime } from "@/i18n/clinicTime";
import { errorText } from "@/i18n/errorText";
import { formatMoney, formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { DraftNotice } from "@/ui/DraftNotice";
import { TextArea } from "@/ui/Field";
import { FormBar } from "@/ui/FormBar";
import { onDemand } from "@/ui/onDemand";
import { Card, Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { useDraft } from "@/ui/useDraft";
import { AddresseeFields } from "./AddresseeFields";
import { asDecimal, centsOf, totalCents } from "./cents";
import { InvoiceDates } from "./InvoiceDates";
import { InvoiceLines } from "./InvoiceLines";
import {
  differenceSchema,
  emptyLine,
  fromWritten,
  type InvoiceForm,
  replacementSchema,
  toInvoiceInput,
} from "./invoiceForm";
import { ledgerChanged } from "./queries";
import { TotalBar } from "./TotalBar";
import { useRefusals } from "./useRefusals";

const RectificationConfirmation = onDemand(
  async () => (await import("./RectificationConfirmation")).RectificationConfirmation,
);

/** In full: a difference of all its lines. */
const WAYS = ["cancel", "replacement", "difference"] as const;
type Way = (typeof WAYS)[number];

interface RectificationEditorProps {
  invoice: Invoice;
  onRectified: (rectification: Invoice) => void;
  onCancel: () => void;
}

export function RectificationEditor(props: RectificationEditorProps) {
  const { t } = useLanguage();
  const [way, setWay] = useState<Way>("cancel");
  return (
    <>
      <fieldset className="card mb-5 p-5 md:p-6">
        <legend className="float-left mb-4 text-base font-semibold">{t("rectify.way")}</legend>
        <div className="clear-both grid gap-3 md:grid-cols-3">
          {WAYS.map((choice) => (
            <label
              key={choice}
              className={classes(
                "flex cursor-pointer items-start gap-3 rounded-field border p-4",
                choice === way ? "border-accent-text bg-accent-soft" : "border-line hover:bg-sunken",
              )}
            >
              <input
                type="radio"
                name="way"
                className="mt-0.5 size-5 shrink-0 accent-accent-text"
                checked={choice === way}
                onChange={() => setWay(choice)}
              />
              <span>
                <span className="block font-medium">{t(`rectify.way.${choice}`)}</span>
                <span className="block text-sm text-soft">{t(`rectify.way.${choice}.text`)}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <RectificationForm key={way} way={way} {...props} />
    </>
  );
}

/** A replacement bills the same visits; the packs that were sold go over to it by themselves. */
function startOf(invoice: Invoice, way: Way, today: string): InvoiceForm {
  const form = { ...fromWritten(invoice, today), date: today, dueDate: "" };
  if (way === "difference") return { ...form, lines: [emptyLine()] };
  return { ...form, lines: form.lines.map((line) => ({ ...line, packSessions: null })) };
}

function toRectification(form: InvoiceForm, way: Way): RectificationInput {
  const { date, dueDate, customerId, fullName, taxId, address, phone, email, lines } = toInvoiceInput(form);
  const reason = form.reason.trim();
  if (way === "cancel") return { kind: "difference", reason, date };
  const plain = lines.map(({ packSessions, ...line }) => line);
  if (way === "difference") return { kind: way, reason, date, lines: plain };
  return {
    kind: way,
    reason,
    date,
    dueDate,
    lines: plain,
    customerId,
    fullName,
    taxId,
    address,
    phone,
    email,
  };
}

function RectificationForm({ invoice, way, onRectified, onCancel }: RectificationEditorProps & { way: Way }) {
  const { t } = useLanguage();
  const me = useMe();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const today = toWallTime(new Date(), clinic.timezone).date;
  const form = useForm<InvoiceForm>({
    resolver: zodResolver(way === "difference" ? differenceSchema : replacementSchema),
    defaultValues: startOf(invoice, way, today),
  });
  const written = useDraft<InvoiceForm>(form, `${me.id}.rectify.${way}.${invoice.id}`);
  const refusals = useRefusals(form);
  const [confirming, setConfirming] = useState<InvoiceForm | null>(null);

  const rectify = useMutation({
    mutationFn: (values: InvoiceForm) =>
      withKey((key) => rectifyInvoice(invoice.id, toRectification(values, way), key)),
    onSuccess: (rectification) => {
      written.forget();
      ledgerChanged(queryClient, rectification);
      said(t("invoice.issued", { number: rectification.displayNumber }));
      onRectified(rectification);
    },
    onError: (error) => {
      setConfirming(null);
      refusals.show(error);
    },
  });

  /** What the invoice comes to with the correction. */
  const dueAfter = (values: InvoiceForm) => {
    if (way === "cancel") return 0;
    const corrected = totalCents(values.lines);
    return way === "replacement" ? corrected : centsOf(invoice.due) + corrected;
  };
  const ask = form.handleSubmit((values) => {
    refusals.clear();
    setConfirming(values);
  });
  const cancel = () => {
    written.forget();
    onCancel();
  };
  const cancelButton = <Button onClick={cancel}>{t("action.cancel")}</Button>;
  const issueButton = (
    <Button type="submit" look="primary" className="max-md:flex-1">
      {t("rectify.action")}
    </Button>
  );

  return (
    <form onSubmit={ask} noValidate aria-label={t("rectify.open")}>
      <DraftNotice
        draft={written}
        texts={{
          restored: (time) => t("draft.restored", { time: formatTime(time, clinic.timezone) }),
          discard: t("draft.discard"),
        }}
      />
      {refusals.problem && (
        <Notice tone="danger" urgent className="mb-4">
          {refusals.problem}
        </Notice>
      )}
      <div className="grid gap-5">
        <Card heading={t("rectify.why")}>
          <div className="grid gap-x-5 gap-y-4 md:grid-cols-2">
            <TextArea
              {...form.register("reason")}
              label={t("rectify.reason")}
              hint={t("rectify.reason.hint")}
              error={errorText(form.formState.errors.reason, t)}
              rows={2}
              maxLength={500}
              required
              className="md:col-span-2"
            />
            <InvoiceDates
              form={form}
              earliestDate={refusals.earliestDate}
              hasDueDate={way === "replacement"}
            />
          </div>
        </Card>
        {way === "replacement" && (
          <Card heading={t("invoice.customer")}>
            <div className="grid gap-x-5 gap-y-4 md:grid-cols-2">
              <AddresseeFields form={form} />
            </div>
          </Card>
        )}
        {way === "difference" && <Notice tone="accent">{t("rectify.difference.note")}</Notice>}
        {way !== "cancel" && <InvoiceLines form={form} />}
      </div>
      {way === "cancel" ? (
        <FormBar>
          {cancelButton}
          {issueButton}
        </FormBar>
      ) : (
        <TotalBar form={form} beside={cancelButton}>
          {issueButton}
        </TotalBar>
      )}
      <Suspense>
        {confirming && (
          <RectificationConfirmation
            invoice={invoice}
            heading={t(`rectify.way.${way}`)}
            dueAfter={formatMoney(asDecimal(dueAfter(confirming)), invoice.currency)}
            isBusy={rectify.isPending}
            onConfirm={() => rectify.mutate(confirming)}
            onBack={() => setConfirming(null)}
          />
        )}
      </Suspense>
    </form>
  );
}
