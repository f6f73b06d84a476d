/** Edits an issued invoice, where the clinic's settings allow it to an admin; every change is kept in the audit trail. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { changeInvoice, readInvoice } from "@/api/billing";
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import type { Invoice } from "@/api/types";
import { errorText } from "@/i18n/errorText";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { DraftNotice } from "@/ui/DraftNotice";
import { TextField } from "@/ui/Field";
import { Card, Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { useDraft } from "@/ui/useDraft";
import { AddresseeFields } from "./AddresseeFields";
import { InvoiceDates } from "./InvoiceDates";
import { InvoiceLines } from "./InvoiceLines";
import { fromWritten, type InvoiceForm, invoiceSchema, toInvoiceInput } from "./invoiceForm";
import { ledgerChanged } from "./queries";
import { TotalBar } from "./TotalBar";
import { OvertakenNotice, useOvertaken } from "./useOvertaken";
import { useRefusals } from "./useRefusals";
import { CustomerChoice } from "./WhoPays";

interface IssuedEditorProps {
  invoice: Invoice;
  onSaved: () => void;
  onCancel: () => void;
}

export function IssuedEditor({ invoice, onSaved, onCancel }: IssuedEditorProps) {
  const { t } = useLanguage();
  const me = useMe();
  const queryClient = useQueryClient();
  const form = useForm<InvoiceForm>({
    resolver: zodResolver(invoiceSchema),
    defaultValues: fromWritten(invoice, invoice.date),
  });
  const [start, setStart] = useState(invoice);
  const written = useDraft<InvoiceForm>(form, `${me.id}.issued.${invoice.id}`, start.version);
  const refusals = useRefusals(form);
  const overtaken = useOvertaken(() => readInvoice(invoice.id));

  const save = useMutation({
    mutationFn: (values: InvoiceForm) =>
      changeInvoice(
        invoice.id,
        { ...toInvoiceInput(values), number: values.number.trim() },
        overtaken.theirs?.version ?? written.version ?? start.version,
      ),
    onSuccess: (saved) => {
      written.forget();
      ledgerChanged(queryClient, saved);
      said(t("invoice.saved"));
      onSaved();
    },
    onError: async (error) => {
      if (!(await overtaken.wasOvertaken(error))) refusals.show(error);
    },
  });

  const submit = form.handleSubmit((values) => {
    refusals.clear();
    if (!save.isPending) save.mutate(values);
  });
  const cancel = () => {
    written.forget();
    onCancel();
  };
  const takeTheirs = () => {
    if (!overtaken.theirs) return;
    written.discard();
    form.reset(fromWritten(overtaken.theirs, invoice.date));
    setStart(overtaken.theirs);
    overtaken.forget();
  };

  return (
    <form onSubmit={submit} noValidate aria-label={t("invoice.edit")}>
      <DraftNotice
        draft={written}
        texts={{
          restored: (time) => t("draft.restored", { time: formatTime(time, clinic.timezone) }),
          discard: t("draft.discard"),
        }}
      />
      {overtaken.theirs && <OvertakenNotice onMine={submit} onTheirs={takeTheirs} />}
      {refusals.problem && (
        <Notice tone="danger" urgent className="mb-4">
          {refusals.problem}
        </Notice>
      )}
      <Notice tone="warn" className="mb-5">
        {t("invoice.edit.text")}
      </Notice>
      <div className="grid gap-5">
        <Card heading={t("invoice.customer")}>
          <div className="grid gap-x-5 gap-y-4 md:grid-cols-2">
            <TextField
              {...form.register("number")}
              label={t("invoice.number")}
              hint={t("invoice.number.hint")}
              error={errorText(form.formState.errors.number, t)}
              inputMode="numeric"
              autoComplete="off"
              required
            />
            <div>
              <CustomerChoice form={form} />
            </div>
            <AddresseeFields form={form} />
            <InvoiceDates form={form} earliestDate={refusals.earliestDate} />
          </div>
        </Card>
        <InvoiceLines form={form} />
      </div>
      <TotalBar form={form} beside={<Button onClick={cancel}>{t("action.cancel")}</Button>}>
        <Button type="submit" look="primary" busy={save.isPending}>
          {t("action.save")}
        </Button>
      </TotalBar>
    </form>
  );
}
