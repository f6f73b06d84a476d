/** Writes an invoice and issues it, after one confirmation because an issued invoice is final. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";
import { type UseFormReturn, useFieldArray, useForm, useWatch } from "react-hook-form";
import { issueInvoice } from "@/api/billing";
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import type { Invoice, InvoicePrefill } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { toWallTime } from "@/i18n/clinicTime";
import { errorText } from "@/i18n/errorText";
import { formatMoney, formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, IconButton } from "@/ui/Button";
import { DraftNotice } from "@/ui/DraftNotice";
import { TextField } from "@/ui/Field";
import { onDemand } from "@/ui/onDemand";
import { Card, Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { useDraft } from "@/ui/useDraft";
import { showViolations } from "@/ui/violations";
import { asDecimal, lineCents, totalCents } from "./cents";
import { EMPTY_LINE, type InvoiceForm, invoiceSchema, toInvoiceForm, toInvoiceInput } from "./invoiceForm";

const IssueConfirmation = onDemand(async () => (await import("./IssueConfirmation")).IssueConfirmation);

interface InvoiceEditorProps {
  prefill: InvoicePrefill | null;
  onIssued: (invoice: Invoice) => void;
  onCancel: () => void;
}

const money = (cents: number) => formatMoney(asDecimal(cents), clinic.currency);

export function InvoiceEditor({ prefill, onIssued, onCancel }: InvoiceEditorProps) {
  const { t } = useLanguage();
  const me = useMe();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const today = toWallTime(new Date(), clinic.timezone).date;
  const form = useForm<InvoiceForm>({
    resolver: zodResolver(invoiceSchema),
    defaultValues: toInvoiceForm(prefill, today),
  });
  const draft = useDraft<InvoiceForm>(form, `${me.id}.invoice.${prefill?.patientId ?? "new"}`);
  const [confirming, setConfirming] = useState<InvoiceForm | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const errors = form.formState.errors;

  const issue = useMutation({
    mutationFn: (values: InvoiceForm) => withKey((key) => issueInvoice(toInvoiceInput(values, prefill), key)),
    onSuccess: (invoice) => {
      draft.forget();
      queryClient.setQueryData(["invoices", invoice.id], invoice);
      void queryClient.invalidateQueries({ queryKey: ["invoices", "list"] });
      void queryClient.invalidateQueries({ queryKey: ["dashboard"] });
      said(t("invoice.issued", { number: invoice.displayNumber }));
      onIssued(invoice);
    },
    onError: (error) => {
      setConfirming(null);
      const refusal = asProblem(error);
      const homeless = showViolations(form, refusal.violations);
      setProblem(refusal.violations.length === 0 ? problemText(refusal) : homeless.join(" ") || null);
    },
  });

  const ask = form.handleSubmit((values) => {
    setProblem(null);
    setConfirming(values);
  });

  return (
    <form onSubmit={ask} noValidate aria-label={t("invoices.new")}>
      <DraftNotice
        draft={draft}
        texts={{
          restored: (time) => t("draft.restored", { time: formatTime(time, clinic.timezone) }),
          discard: t("draft.discard"),
        }}
      />
      {problem && (
        <Notice tone="danger" urgent className="mb-4">
          {problem}
        </Notice>
      )}
      <div className="grid gap-5">
        <Card heading={t("invoice.customer")}>
          <div className="grid gap-x-5 gap-y-4 md:grid-cols-2">
            <TextField
              {...form.register("fullName")}
              label={t("invoice.fullName")}
              error={errorText(errors.fullName, t)}
              required
              autoComplete="off"
            />
            <TextField
              {...form.register("taxId")}
              label={t("invoice.taxId")}
              error={errorText(errors.taxId, t)}
              autoComplete="off"
            />
            <TextField
              {...form.register("address")}
              label={t("patient.address")}
              error={errorText(errors.address, t)}
              required
              autoComplete="off"
              className="md:col-span-2"
            />
            <TextField
              {...form.register("phone")}
              label={t("patient.phone")}
              error={errorText(errors.phone, t)}
              type="tel"
              autoComplete="off"
            />
            <TextField
              {...form.register("email")}
              label={t("patient.email")}
              error={errorText(errors.email, t)}
              type="email"
              autoComplete="off"
            />
            <TextField
              {...form.register("date")}
              label={t("invoice.date")}
              error={errorText(errors.date, t)}
              type="date"
              required
            />
          </div>
        </Card>
        <Lines form={form} />
      </div>
      <div className="sticky bottom-0 z-10 -mx-4 mt-6 flex flex-wrap items-center gap-3 border-t border-line bg-canvas/95 px-4 py-3 backdrop-blur max-md:bottom-[var(--bottom-bar)] md:-mx-8 md:px-8">
        <Total form={form} />
        <Button
          onClick={() => {
            draft.forget();
            onCancel();
          }}
          className="max-md:flex-1"
        >
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" className="max-md:flex-1">
          {t("invoice.generate")}
        </Button>
      </div>
      <Suspense>
        {confirming && (
          <IssueConfirmation
            customer={confirming.fullName}
            total={money(totalCents(confirming.lines))}
            isBusy={issue.isPending}
            onConfirm={() => issue.mutate(confirming)}
            onBack={() => setConfirming(null)}
          />
        )}
      </Suspense>
    </form>
  );
}

function Total({ form }: { form: UseFormReturn<InvoiceForm> }) {
  const { t } = useLanguage();
  const lines = useWatch({ control: form.control, name: "lines" });
  return (
    <p className="me-auto max-md:w-full">
      <span className="text-soft">{t("invoice.total")} </span>
      <output className="text-xl font-semibold tabular-nums">{money(totalCents(lines))}</output>
    </p>
  );
}

function Lines({ form }: { form: UseFormReturn<InvoiceForm> }) {
  const { t } = useLanguage();
  const { fields, append, remove, swap } = useFieldArray({ control: form.control, name: "lines" });
  const add = () => append(EMPTY_LINE, { focusName: `lines.${fields.length}.concept` });
  const count = fields.length;
  const removed = useRef<number | null>(null);
  const { setFocus } = form;

  // The button that was pressed went with its line: the one that took its place goes on.
  useEffect(() => {
    if (removed.current === null) return;
    setFocus(`lines.${Math.min(removed.current, count - 1)}.concept`);
    removed.current = null;
  }, [count, setFocus]);
  return (
    <Card heading={t("invoice.lines")}>
      <ol className="grid gap-5">
        {fields.map((field, index) => (
          <li key={field.id} className="grid gap-3 border-b border-line pb-5 last:border-0 last:pb-0">
            <Line form={form} index={index} />
            <div className="flex items-center gap-1">
              <span className="me-auto text-sm text-soft">{t("invoice.line", { number: index + 1 })}</span>
              <IconButton
                label={t("invoice.line.up", { number: index + 1 })}
                disabled={index === 0}
                onClick={() => swap(index, index - 1)}
              >
                <ArrowUp aria-hidden className="size-5" />
              </IconButton>
              <IconButton
                label={t("invoice.line.down", { number: index + 1 })}
                disabled={index === fields.length - 1}
                onClick={() => swap(index, index + 1)}
              >
                <ArrowDown aria-hidden className="size-5" />
              </IconButton>
              <IconButton
                label={t("invoice.line.remove", { number: index + 1 })}
                disabled={fields.length === 1}
                onClick={() => {
                  removed.current = index;
                  remove(index);
                }}
              >
                <Trash2 aria-hidden className="size-5" />
              </IconButton>
            </div>
          </li>
        ))}
      </ol>
      <Button onClick={add} className="mt-4">
        <Plus aria-hidden className="size-5" />
        {t("invoice.line.add")}
      </Button>
    </Card>
  );
}

function Line({ form, index }: { form: UseFormReturn<InvoiceForm>; index: number }) {
  const { t } = useLanguage();
  const errors = form.formState.errors.lines?.[index];
  const line = useWatch({ control: form.control, name: `lines.${index}` });
  const cents = line && lineCents(line.quantity, line.unitPrice);
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-3 md:grid-cols-[minmax(0,1fr)_6rem_8rem_8rem]">
      <TextField
        {...form.register(`lines.${index}.concept`)}
        label={t("invoice.concept")}
        error={errorText(errors?.concept, t)}
        required
        autoComplete="off"
        className="max-md:col-span-2"
      />
      <TextField
        {...form.register(`lines.${index}.quantity`)}
        label={t("invoice.quantity")}
        error={errorText(errors?.quantity, t)}
        inputMode="decimal"
        required
        autoComplete="off"
      />
      <TextField
        {...form.register(`lines.${index}.unitPrice`)}
        label={t("invoice.price")}
        error={errorText(errors?.unitPrice, t)}
        inputMode="decimal"
        required
        autoComplete="off"
      />
      <p className="self-end pb-2.5 text-right font-medium tabular-nums max-md:col-span-2">
        <span className="sr-only">{t("invoice.amount")}: </span>
        {cents === null || cents === undefined ? "–" : money(cents)}
      </p>
      <TextField
        {...form.register(`lines.${index}.description`)}
        label={t("invoice.description")}
        error={errorText(errors?.description, t)}
        autoComplete="off"
        className="col-span-full"
      />
    </div>
  );
}
