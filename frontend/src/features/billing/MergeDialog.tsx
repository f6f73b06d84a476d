/** Makes one customer of two: which one stays, and what becomes of the other, before it is done. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { mergeCustomer } from "@/api/billing";
import { failureOf, problemText } from "@/api/problemText";
import type { Customer } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Dialog } from "@/ui/Dialog";
import { FailureNotice } from "@/ui/FailureNotice";
import { type Pick, SearchPicker } from "@/ui/SearchPicker";
import { Notice, Skeleton } from "@/ui/surface";
import { said } from "@/ui/toast";
import { findCustomers } from "./findCustomers";
import { customerQuery, ledgerChanged, totalsQuery } from "./queries";

interface MergeDialogProps {
  customer: Customer;
  onClose: () => void;
  onMerged: (stays: Customer) => void;
}

export function MergeDialog({ customer, onClose, onMerged }: MergeDialogProps) {
  const { t } = useLanguage();
  const [pick, setPick] = useState<Pick | null>(null);
  const other = useQuery({ ...customerQuery(pick?.id ?? ""), enabled: pick !== null });
  const findOthers = async (text: string, signal: AbortSignal) =>
    (await findCustomers(text, signal)).filter(({ id }) => id !== customer.id);
  return (
    <Dialog open onClose={onClose} heading={t("merge.heading")} closeLabel={t("action.close")}>
      <div className="grid gap-5">
        <p className="text-soft">{t("merge.text")}</p>
        <SearchPicker
          label={t("merge.other")}
          value={pick}
          onChange={setPick}
          searchKey={`customers-beside-${customer.id}`}
          search={findOthers}
          isFirst
          texts={{
            placeholder: t("customer.pick.placeholder"),
            nothing: t("customers.nothingFound"),
            clear: t("customer.pick.clear"),
          }}
        />
        {pick && other.isPending && <Skeleton className="h-48" />}
        {pick && other.isError && (
          <FailureNotice urgent failure={failureOf(other.error)} onRetry={other.refetch} />
        )}
        {pick && other.data && (
          <WhoStays two={[customer, other.data]} onClose={onClose} onMerged={onMerged} />
        )}
      </div>
    </Dialog>
  );
}

interface WhoStaysProps {
  two: [Customer, Customer];
  onClose: () => void;
  onMerged: (stays: Customer) => void;
}

function WhoStays({ two, onClose, onMerged }: WhoStaysProps) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const [staysId, setStaysId] = useState(two[0].id);
  const [stays, goes] = staysId === two[0].id ? two : [two[1], two[0]];
  const moving = useQuery(totalsQuery({ customerId: goes.id })).data;
  const merge = useMutation({
    mutationFn: () => withKey((key) => mergeCustomer(goes, stays.id, key)),
    onSuccess: (merged) => {
      queryClient.removeQueries({ queryKey: customerQuery(goes.id).queryKey });
      queryClient.setQueryData(customerQuery(merged.id).queryKey, merged);
      void queryClient.invalidateQueries({ queryKey: ["customers", "list"] });
      ledgerChanged(queryClient);
      said(t("merge.done"));
      onMerged(merged);
    },
  });
  return (
    <>
      <fieldset className="grid gap-3">
        <legend className="mb-2 text-sm font-medium">{t("merge.stays")}</legend>
        {two.map((customer) => (
          <label
            key={customer.id}
            className={classes(
              "flex cursor-pointer items-start gap-3 rounded-field border p-4",
              customer.id === staysId ? "border-accent-text bg-accent-soft" : "border-line",
            )}
          >
            <input
              type="radio"
              name="stays"
              className="mt-0.5 size-5 accent-accent-text"
              checked={customer.id === staysId}
              onChange={() => setStaysId(customer.id)}
            />
            <span className="min-w-0 wrap-anywhere">
              <span className="block font-medium">{customer.fullName}</span>
              <span className="block text-sm text-soft">
                {[customer.taxId, customer.phone, customer.email].filter(Boolean).join(" · ")}
              </span>
              <span className="block text-sm text-soft">{customer.billingAddress}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <section aria-live="polite" className="rounded-field bg-sunken p-4">
        <h3 className="mb-1 font-semibold">{t("merge.happens")}</h3>
        <ul className="ms-5 list-disc wrap-anywhere">
          <li>{t("merge.happens.invoices", { count: moving?.count ?? 0, name: stays.fullName })}</li>
          <li>{t("merge.happens.frozen")}</li>
          <li>{t("merge.happens.goes", { name: goes.fullName, taxId: goes.taxId })}</li>
        </ul>
      </section>
      {merge.error && (
        <Notice tone="danger" urgent>
          {problemText(merge.error)}
        </Notice>
      )}
      <div className="flex flex-wrap gap-3">
        <Button look="danger" busy={merge.isPending} onClick={() => merge.mutate()} className="max-md:flex-1">
          {t("merge.action")}
        </Button>
        <Button onClick={onClose} className="max-md:flex-1">
          {t("action.cancel")}
        </Button>
      </div>
    </>
  );
}
