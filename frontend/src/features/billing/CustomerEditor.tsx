/** Registers a customer or changes one; a wrong check letter warns, a foreign identifier passes. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useForm } from "react-hook-form";
import { changeCustomer, readCustomer, registerCustomer } from "@/api/billing";
import { clinic } from "@/api/clinic";
import { useMe } from "@/api/me";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import type { Customer } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { errorText } from "@/i18n/errorText";
import { formatTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { DraftNotice } from "@/ui/DraftNotice";
import { TextArea, TextField } from "@/ui/Field";
import { FormBar } from "@/ui/FormBar";
import { Choice } from "@/ui/ListControls";
import { Notice } from "@/ui/surface";
import { hasWrongCheck } from "@/ui/taxId";
import { said } from "@/ui/toast";
import { useDraft } from "@/ui/useDraft";
import { showViolations } from "@/ui/violations";
import { type CustomerForm, customerSchema, toCustomerForm, toCustomerInput } from "./customerForm";
import { customerQuery } from "./queries";
import { OvertakenNotice, useOvertaken } from "./useOvertaken";

interface CustomerEditorProps {
  /** Null for a new one. */
  customer: Customer | null;
  /** What is known of a new one already. */
  known?: Partial<Customer>;
  isInDialog?: boolean;
  onSaved: (customer: Customer) => void;
  onCancel: () => void;
}

export function CustomerEditor({ customer, known, isInDialog, onSaved, onCancel }: CustomerEditorProps) {
  const { t } = useLanguage();
  const me = useMe();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const form = useForm<CustomerForm>({
    resolver: zodResolver(customerSchema),
    defaultValues: toCustomerForm(customer ?? known ?? {}),
  });
  const errors = form.formState.errors;
  const draft = useDraft<CustomerForm>(form, `${me.id}.customer.${customer?.id ?? "new"}`, customer?.version);
  const [problem, setProblem] = useState<string | null>(null);
  const [start, setStart] = useState(customer);
  const overtaken = useOvertaken(() => readCustomer(customer?.id ?? ""));
  const kind = form.watch("kind");
  const taxId = form.watch("taxId");

  const save = useMutation({
    mutationFn: (values: CustomerForm) => {
      const input = toCustomerInput(values);
      if (!customer) return withKey((key) => registerCustomer(input, key));
      const version = overtaken.theirs?.version ?? draft.version ?? start?.version ?? customer.version;
      return changeCustomer(customer.id, input, version);
    },
    onSuccess: (saved) => {
      draft.forget();
      queryClient.setQueryData(customerQuery(saved.id).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: ["customers"] });
      said(t(customer ? "customer.saved" : "customer.registered"));
      onSaved(saved);
    },
    onError: async (error) => {
      if (await overtaken.wasOvertaken(error)) return;
      const refusal = asProblem(error);
      if (refusal.code === "tax-id-taken") {
        return form.setError(
          "taxId",
          { type: "server", message: problemText(refusal) },
          { shouldFocus: true },
        );
      }
      const homeless = showViolations(form, refusal.violations);
      setProblem(refusal.violations.length === 0 ? problemText(refusal) : homeless.join(" ") || null);
    },
  });

  const submit = (event?: FormEvent) => {
    event?.stopPropagation(); // the form of an invoice may be around this one
    setProblem(null);
    return form.handleSubmit((values) => {
      if (!save.isPending) save.mutate(values);
    })(event);
  };
  const takeTheirs = () => {
    if (!overtaken.theirs) return;
    draft.discard();
    form.reset(toCustomerForm(overtaken.theirs));
    setStart(overtaken.theirs);
    overtaken.forget();
  };

  const actions = (
    <>
      <Button type="submit" look="primary" busy={save.isPending} className="max-md:flex-1">
        {t("action.save")}
      </Button>
      <Button
        onClick={() => {
          draft.forget();
          onCancel();
        }}
        className="max-md:flex-1"
      >
        {t("action.cancel")}
      </Button>
    </>
  );

  return (
    <form onSubmit={submit} noValidate aria-label={t(customer ? "customer.edit" : "customers.new")}>
      <DraftNotice
        draft={draft}
        texts={{
          restored: (time) => t("draft.restored", { time: formatTime(time, clinic.timezone) }),
          discard: t("draft.discard"),
        }}
      />
      {overtaken.theirs && <OvertakenNotice onMine={() => void submit()} onTheirs={takeTheirs} />}
      {problem && (
        <Notice tone="danger" urgent className="mb-4">
          {problem}
        </Notice>
      )}
      <div className={isInDialog ? "" : "card p-5 md:p-6"}>
        <div className="mb-5 flex max-w-sm">
          <Choice
            label={t("customer.kind")}
            value={kind}
            onChange={(chosen) => form.setValue("kind", chosen, { shouldDirty: true })}
            options={[
              { value: "person", label: t("customer.kind.person") },
              { value: "company", label: t("customer.kind.company") },
            ]}
          />
        </div>
        <div className="grid gap-x-5 gap-y-4 md:grid-cols-2">
          <TextField
            {...form.register("firstName")}
            label={t(kind === "company" ? "customer.companyName" : "patient.firstName")}
            error={errorText(errors.firstName, t)}
            className={kind === "company" ? "md:col-span-2" : undefined}
            required
            autoComplete="off"
          />
          {kind === "person" && (
            <TextField
              {...form.register("lastName")}
              label={t("patient.lastName")}
              error={errorText(errors.lastName, t)}
              required
              autoComplete="off"
            />
          )}
          <TextField
            {...form.register("taxId")}
            label={t("invoice.taxId")}
            error={errorText(errors.taxId, t)}
            hint={t("customer.taxId.hint")}
            warning={hasWrongCheck(taxId) ? t("customer.taxId.warning") : undefined}
            required
            autoComplete="off"
            spellCheck={false}
          />
          <TextField
            {...form.register("email")}
            label={t("patient.email")}
            error={errorText(errors.email, t)}
            type="email"
            autoComplete="off"
          />
          <TextField
            {...form.register("phone")}
            label={t("patient.phone")}
            error={errorText(errors.phone, t)}
            type="tel"
            autoComplete="off"
          />
          <TextArea
            {...form.register("billingAddress")}
            label={t("customer.billingAddress")}
            error={errorText(errors.billingAddress, t)}
            className="md:col-span-2"
            required
            rows={1}
            autoComplete="off"
          />
        </div>
      </div>
      {isInDialog ? <div className="mt-5 flex gap-3">{actions}</div> : <FormBar>{actions}</FormBar>}
    </form>
  );
}
