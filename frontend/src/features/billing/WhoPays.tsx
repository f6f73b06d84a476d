/** Whose invoice it is and who pays it: picked from what the clinic knows, or typed. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { Suspense, useState } from "react";
import { type UseFormReturn, useWatch } from "react-hook-form";
import { listPatients, readPatient } from "@/api/patients";
import { problemText } from "@/api/problemText";
import type { Customer } from "@/api/types";
import { errorText } from "@/i18n/errorText";
import { formatDate } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { onDemand } from "@/ui/onDemand";
import { type Pick, SearchPicker } from "@/ui/SearchPicker";
import { saidProblem } from "@/ui/toast";
import { findCustomers } from "./findCustomers";
import { emptyLine, type InvoiceForm, isBlank, toAddressee, toLine } from "./invoiceForm";
import { customerQuery, prefillQuery } from "./queries";

const CustomerDialog = onDemand(async () => (await import("./CustomerDialog")).CustomerDialog);

type FormOf = { form: UseFormReturn<InvoiceForm> };

async function findPatients(search: string, signal: AbortSignal): Promise<Pick[]> {
  const { member } = await listPatients({ search, itemsPerPage: 8 }, signal);
  return member.map(({ id, fullName, dateOfBirth }) => ({
    id,
    label: fullName,
    ...(dateOfBirth && { detail: formatDate(dateOfBirth) }),
  }));
}

/** Picking the patient brings along who pays and the visits to be billed. */
export function PatientChoice({ form }: FormOf) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const patientId = useWatch({ control: form.control, name: "patientId" });
  const patient = useQuery({
    queryKey: ["patients", patientId],
    queryFn: ({ signal }) => readPatient(patientId ?? "", signal),
    enabled: patientId !== null,
  }).data;

  const choose = async (pick: Pick | null) => {
    const written = form.getValues("lines").filter((line) => !isBlank(line) && line.appointmentId === null);
    const set = { shouldDirty: true } as const;
    if (!pick) {
      form.setValue("patientId", null, set);
      const kept = written.filter(({ packSessions }) => packSessions === null);
      return form.setValue("lines", kept.length > 0 ? kept : [emptyLine()], set);
    }
    try {
      const prefill = await queryClient.fetchQuery(prefillQuery({ patientId: pick.id }));
      form.setValue("patientId", pick.id, set);
      if (!form.getValues("customerId") && form.getValues("fullName").trim() === "") {
        form.setValue("customerId", prefill.customerId, set);
        fill(form, toAddressee(prefill));
      }
      const lines = [...written, ...prefill.lines.map(toLine)];
      form.setValue("lines", lines.length > 0 ? lines : [emptyLine(prefill.rate)], set);
    } catch (error) {
      saidProblem(problemText(error));
    }
  };

  return (
    <SearchPicker
      label={t("patient.heading")}
      value={patientId && patient ? { id: patientId, label: patient.fullName } : null}
      onChange={(pick) => void choose(pick)}
      searchKey="patients"
      search={findPatients}
      texts={{
        placeholder: t("booking.patient.placeholder"),
        nothing: t("patients.nothingFound"),
        clear: t("booking.patient.clear"),
      }}
    />
  );
}

const NOBODY = { fullName: "", taxId: "", address: "", phone: "", email: "" };

function fill(form: UseFormReturn<InvoiceForm>, addressee: typeof NOBODY): void {
  for (const [field, value] of Object.entries(addressee)) {
    form.setValue(field as keyof typeof NOBODY, value, { shouldDirty: true, shouldValidate: value !== "" });
  }
}

export function CustomerChoice({ form }: FormOf) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const [isNew, setIsNew] = useState(false);
  const customerId = useWatch({ control: form.control, name: "customerId" });
  const linked = useQuery({ ...customerQuery(customerId ?? ""), enabled: customerId !== null }).data;

  const take = (customer: Customer) => {
    queryClient.setQueryData(customerQuery(customer.id).queryKey, customer);
    form.setValue("customerId", customer.id, { shouldDirty: true });
    fill(form, toAddressee({ ...customer, address: customer.billingAddress }));
  };
  const choose = (pick: Pick | null) => {
    if (pick)
      return queryClient
        .fetchQuery(customerQuery(pick.id))
        .then(take)
        .catch((error) => saidProblem(problemText(error)));
    form.setValue("customerId", null, { shouldDirty: true });
    fill(form, NOBODY);
  };

  return (
    <>
      <SearchPicker
        label={t("customer.heading")}
        value={customerId && linked ? { id: customerId, label: linked.fullName } : null}
        onChange={(pick) => void choose(pick)}
        searchKey="customers"
        search={findCustomers}
        error={errorText(form.formState.errors.customerId, t)}
        texts={{
          placeholder: t("customer.pick.placeholder"),
          nothing: t("customers.nothingFound"),
          clear: t("customer.pick.clear"),
        }}
        below={
          !customerId && (
            <Button look="link" className="ms-0" onClick={() => setIsNew(true)}>
              <UserPlus aria-hidden className="size-4" />
              {t("customers.new")}
            </Button>
          )
        }
      />
      <Suspense>
        {isNew && (
          <CustomerDialog
            typed={form.getValues()}
            onSaved={(customer) => {
              setIsNew(false);
              take(customer);
            }}
            onClose={() => setIsNew(false)}
          />
        )}
      </Suspense>
    </>
  );
}
