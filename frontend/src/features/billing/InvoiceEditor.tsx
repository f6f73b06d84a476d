/** Writes a new invoice or a kept draft, and issues it after one confirmation because an issued invoice is final. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { changeDraft, issueDraft, issueInvoice, keepDraft, readDraft, readInvoice } from "@/api/billing";
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import { asProblem } from "@/api/problem";
import type { Invoice, InvoiceDraft, InvoicePrefill } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { toWallTime } from "@/i18n/clinicTime";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { DraftNotice } from "@/ui/DraftNotice";
import { onDemand } from "@/ui/onDemand";
import { Card, Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { useDraft } from "@/ui/useDraft";
import { AddresseeFields } from "./AddresseeFields";
import { totalCents } from "./cents";
import { InvoiceDates } from "./InvoiceDates";
import { InvoiceLines } from "./InvoiceLines";
import {
  fromPrefill,
  fromWritten,
  type InvoiceForm,
  invoiceSchema,
  isBlank,
  PACK_SIZE,
  packLine,
  toDraftInput,
  toInvoiceInput,
} from "./invoiceForm";
import { ledgerChanged, prefillQuery } from "./queries";
import { SuggestedVisits } from "./SuggestedVisits";
import { money, TotalBar } from "./TotalBar";
import { OvertakenNotice, useOvertaken } from "./useOvertaken";
import { useRefusals } from "./useRefusals";
import { CustomerChoice, PatientChoice } from "./WhoPays";

/** Lines that say nothing go before a draft is kept, so that what is refused stands at the line it is about. */
function writtenLines(lines: InvoiceForm["lines"]): InvoiceForm["lines"] {
  const written = lines.filter((line) => !isBlank(line));
  return written.length > 0 ? written : lines.slice(0, 1);
}

const IssueConfirmation = onDemand(async () => (await import("./IssueConfirmation")).IssueConfirmation);

interface InvoiceEditorProps {
  /** What a new invoice starts from. */
  prefill?: InvoicePrefill | null;
  /** A new invoice that begins with a pack. */
  sellsPack?: boolean;
  /** The draft that is gone on with. */
  stored?: InvoiceDraft | null;
  onIssued: (invoice: Invoice) => void;
  onKept: () => void;
  onCancel: () => void;
}

export function InvoiceEditor({
  prefill = null,
  sellsPack = false,
  stored: begun = null,
  onIssued,
  onKept,
  onCancel,
}: InvoiceEditorProps) {
  const { t } = useLanguage();
  const me = useMe();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const today = toWallTime(new Date(), clinic.timezone).date;
  const pack = sellsPack ? packLine(t("pack.concept", { count: PACK_SIZE })) : null;
  const form = useForm<InvoiceForm>({
    resolver: zodResolver(invoiceSchema),
    defaultValues: begun ? fromWritten(begun, today) : fromPrefill(prefill, today, pack),
  });
  const whose = begun?.id ?? prefill?.patientId ?? prefill?.customerId ?? "new";
  const written = useDraft<InvoiceForm>(form, `${me.id}.invoice.${whose}`, begun?.version);
  const [savedVersion, setSavedVersion] = useState<number | null>(null);
  const version = savedVersion ?? written.version ?? begun?.version ?? 0;
  const [confirming, setConfirming] = useState<InvoiceForm | null>(null);
  const refusals = useRefusals(form);
  const overtaken = useOvertaken(() => readDraft(begun?.id ?? ""));
  const patientId = useWatch({ control: form.control, name: "patientId" });
  const known = useQuery({
    ...prefillQuery({ patientId: patientId ?? "" }),
    enabled: patientId !== null,
  }).data;

  const onError = async (error: unknown) => {
    setConfirming(null);
    if (!(await overtaken.wasOvertaken(error))) refusals.show(error);
  };

  const keep = useMutation({
    mutationFn: (values: InvoiceForm) =>
      begun
        ? changeDraft(begun.id, toDraftInput(values), overtaken.theirs?.version ?? version)
        : withKey((key) => keepDraft(toDraftInput(values), key)),
    onSuccess: () => {
      written.forget();
      ledgerChanged(queryClient);
      said(t("drafts.kept"));
      onKept();
    },
    onError,
  });

  const issue = useMutation({
    mutationFn: async (values: InvoiceForm) => {
      const input = toInvoiceInput(values);
      if (!begun) return withKey((key) => issueInvoice(input, key));
      const kept = await changeDraft(begun.id, input, overtaken.theirs?.version ?? version).catch((error) => {
        // The answer to an issuance that was carried out may have been lost on its way.
        if (asProblem(error).code === "draft-not-found") return null;
        throw error;
      });
      if (!kept) return readInvoice(begun.id);
      overtaken.forget();
      setSavedVersion(kept.version);
      return withKey((key) => issueDraft(kept.id, kept.version, key));
    },
    onSuccess: (invoice) => {
      written.forget();
      ledgerChanged(queryClient, invoice);
      said(t("invoice.issued", { number: invoice.displayNumber }));
      onIssued(invoice);
    },
    onError,
  });

  const ask = form.handleSubmit((values) => {
    refusals.clear();
    setConfirming(values);
  });
  const saveDraft = () => {
    refusals.clear();
    form.clearErrors();
    form.setValue("lines", writtenLines(form.getValues("lines")));
    if (!keep.isPending) keep.mutate(form.getValues());
  };
  const cancel = () => {
    written.forget();
    onCancel();
  };
  const takeTheirs = () => {
    if (!overtaken.theirs) return;
    written.discard();
    form.reset(fromWritten(overtaken.theirs, today));
    setSavedVersion(overtaken.theirs.version);
    overtaken.forget();
  };

  return (
    <form onSubmit={ask} noValidate aria-label={t("invoices.new")}>
      <DraftNotice
        draft={written}
        texts={{
          restored: (time) => t("draft.restored", { time: formatTime(time, clinic.timezone) }),
          discard: t("draft.discard"),
        }}
      />
      {overtaken.theirs && <OvertakenNotice onMine={saveDraft} onTheirs={takeTheirs} />}
      {refusals.problem && (
        <Notice tone="danger" urgent className="mb-4">
          {refusals.problem}
        </Notice>
      )}
      <div className="grid gap-5">
        <Card heading={t("invoice.customer")}>
          <div className="grid gap-x-5 gap-y-4 md:grid-cols-2">
            <PatientChoice form={form} />
            <div>
              <CustomerChoice form={form} />
            </div>
            <AddresseeFields form={form} />
            <InvoiceDates form={form} earliestDate={refusals.earliestDate} />
          </div>
        </Card>
        {known && known.packBalance > 0 && (
          <Notice tone="accent">{t("pack.balance.note", { count: known.packBalance })}</Notice>
        )}
        <InvoiceLines
          form={form}
          rate={known?.rate ?? null}
          maySellPack={patientId !== null}
          above={(lines) => <SuggestedVisits form={form} lines={lines} visits={known?.lines ?? []} />}
        />
      </div>
      <TotalBar
        form={form}
        beside={
          <>
            <Button onClick={cancel}>{t("action.cancel")}</Button>
            <Button busy={keep.isPending} onClick={saveDraft}>
              {t("drafts.keep")}
            </Button>
          </>
        }
      >
        <Button type="submit" look="primary">
          {t("invoice.generate")}
        </Button>
      </TotalBar>
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
