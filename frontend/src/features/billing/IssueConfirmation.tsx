/** The one question before an invoice becomes final. */
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

interface IssueConfirmationProps {
  customer: string;
  total: string;
  isBusy: boolean;
  onConfirm: () => void;
  onBack: () => void;
}

export function IssueConfirmation({ customer, total, isBusy, onConfirm, onBack }: IssueConfirmationProps) {
  const { t } = useLanguage();
  return (
    <Dialog
      open
      onClose={() => !isBusy && onBack()}
      heading={t("invoice.confirm")}
      closeLabel={t("action.close")}
    >
      <p>{t("invoice.confirm.text")}</p>
      <dl className="my-5 grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 rounded-field bg-sunken p-4">
        <dt className="text-soft">{t("invoice.customer")}</dt>
        <dd className="text-right font-medium wrap-anywhere">{customer}</dd>
        <dt className="text-soft">{t("invoice.total")}</dt>
        <dd className="text-right text-lg font-semibold tabular-nums">{total}</dd>
      </dl>
      <div className="flex flex-wrap gap-3">
        <Button look="primary" busy={isBusy} onClick={onConfirm} className="max-md:flex-1">
          {t("invoice.confirm")}
        </Button>
        {/* Focused first, so that a held Enter from the form issues nothing. */}
        <Button autoFocus disabled={isBusy} onClick={onBack} className="max-md:flex-1">
          {t("action.back")}
        </Button>
      </div>
    </Dialog>
  );
}
