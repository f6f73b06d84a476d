/** Sends an invoice by e-mail: to the address on it, or to another one. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { deliverInvoice } from "@/api/billing";
import { asProblem } from "@/api/problem";
import { problemText } from "@/api/problemText";
import type { Invoice } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { LOCALES, type Locale, useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Select, TextField } from "@/ui/Field";
import { Notice } from "@/ui/surface";
import { said } from "@/ui/toast";
import { deliveriesQuery, invoiceSettingsQuery } from "./queries";

interface DeliveryDialogProps {
  invoice: Invoice;
  onClose: () => void;
}

export function DeliveryDialog({ invoice, onClose }: DeliveryDialogProps) {
  const { locale, t } = useLanguage();
  const queryClient = useQueryClient();
  const withKey = useIdempotencyKey();
  const settings = useQuery(invoiceSettingsQuery).data;
  const [to, setTo] = useState(invoice.email ?? "");
  const [language, setLanguage] = useState<Locale>(locale);
  const [wasTried, setWasTried] = useState(false);
  const addressField = useRef<HTMLInputElement>(null);
  const address = to.trim();

  const send = useMutation({
    mutationFn: () => withKey((key) => deliverInvoice(invoice.id, { to: address, language }, key)),
    onSuccess: ({ state }) => {
      void queryClient.invalidateQueries(deliveriesQuery(invoice.id));
      said(t(state === "unsent" ? "delivery.unsent" : "delivery.asked"));
      onClose();
    },
    onError: () => addressField.current?.focus(),
  });
  const refusal = send.error && asProblem(send.error);
  const violation = refusal?.violations.find(({ propertyPath }) => propertyPath === "to")?.message;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWasTried(true);
    if (!address) return addressField.current?.focus();
    if (!send.isPending) send.mutate();
  };

  return (
    <Dialog
      open
      onClose={onClose}
      heading={t("delivery.heading", { number: invoice.displayNumber })}
      closeLabel={t("action.close")}
    >
      <form onSubmit={submit} noValidate className="grid gap-5">
        {refusal && !violation && (
          <Notice tone="danger" urgent>
            {problemText(refusal)}
          </Notice>
        )}
        {settings?.mailConfigured === false && (
          <Notice tone="warn" heading={t("sending.noServer")}>
            {t("delivery.noServer")}
          </Notice>
        )}
        <TextField
          ref={addressField}
          label={t("delivery.to")}
          type="email"
          value={to}
          onChange={(event) => setTo(event.target.value)}
          autoComplete="off"
          autoFocus
          required
          error={wasTried && !address ? t("form.email") : violation}
        />
        <Select
          label={t("delivery.language")}
          value={language}
          onChange={(event) => setLanguage(event.target.value as Locale)}
        >
          {LOCALES.map((choice) => (
            <option key={choice} value={choice}>
              {t(`delivery.language.${choice}`)}
            </option>
          ))}
        </Select>
        <p className="text-sm text-soft">{t("delivery.text")}</p>
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="primary" busy={send.isPending} className="max-md:flex-1">
            {t("delivery.send")}
          </Button>
          <Button onClick={onClose} className="max-md:flex-1">
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
