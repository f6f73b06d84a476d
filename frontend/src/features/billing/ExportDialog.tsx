/** Files of the ledger: the list as it is filtered, and the journal for the accountant. */
import { useState } from "react";
import { accountantJournal, type ExportFormat, exportInvoices, type InvoicesQuery } from "@/api/billing";
import { problemText } from "@/api/problemText";
import { formatMonth, formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Select } from "@/ui/Field";
import { Notice } from "@/ui/surface";
import { thisYear, yearsOffered } from "./InvoiceFilterFields";
import { useExport } from "./useExport";

interface ExportDialogProps {
  query: InvoicesQuery;
  onClose: () => void;
}

const MONTHS = Array.from({ length: 12 }, (_, month) => month + 1);
const two = (part: number) => String(part).padStart(2, "0");

export function ExportDialog({ query, onClose }: ExportDialogProps) {
  const { locale, t } = useLanguage();
  const { order, received, giveUp } = useExport();
  const [year, setYear] = useState(thisYear());
  const [month, setMonth] = useState<number | null>(null);

  const fetchList = (format: ExportFormat) =>
    order.mutate({
      name: `${t("export.fileName")}.${format}`,
      fetch: (arrival) => exportInvoices(format, locale, query, arrival),
    });
  const fetchJournal = () =>
    order.mutate({
      name: `${t("export.journal.fileName")}-${year}${month ? `-${two(month)}` : ""}.csv`,
      fetch: (arrival) => accountantJournal(year, month, arrival),
    });

  return (
    <Dialog open onClose={onClose} heading={t("export.open")} closeLabel={t("action.close")}>
      <div className="grid gap-6">
        <section>
          <h3 className="font-semibold">{t("export.list")}</h3>
          <p className="mb-3 text-soft">{t("export.list.text")}</p>
          <div className="flex flex-wrap gap-3">
            <Button busy={order.isPending} onClick={() => fetchList("xlsx")} className="max-md:flex-1">
              Excel (XLSX)
            </Button>
            <Button busy={order.isPending} onClick={() => fetchList("csv")} className="max-md:flex-1">
              CSV
            </Button>
          </div>
        </section>
        <section>
          <h3 className="font-semibold">{t("export.journal")}</h3>
          <p className="mb-3 text-soft">{t("export.journal.text")}</p>
          <div className="grid grid-cols-2 items-end gap-3 md:grid-cols-[7rem_minmax(0,1fr)_auto]">
            <Select
              label={t("invoices.year")}
              value={year}
              onChange={(event) => setYear(Number(event.target.value))}
            >
              {yearsOffered().map((offered) => (
                <option key={offered} value={offered}>
                  {offered}
                </option>
              ))}
            </Select>
            <Select
              label={t("export.month")}
              value={month ?? ""}
              onChange={(event) => setMonth(Number(event.target.value) || null)}
            >
              <option value="">{t("export.month.all")}</option>
              {MONTHS.map((offered) => (
                <option key={offered} value={offered}>
                  {formatMonth(`${year}-${two(offered)}-01`)}
                </option>
              ))}
            </Select>
            <Button busy={order.isPending} onClick={fetchJournal} className="max-md:col-span-2">
              {t("export.journal.get")}
            </Button>
          </div>
        </section>
        {order.isPending && (
          <Notice tone="accent" actions={<Button onClick={giveUp}>{t("action.cancel")}</Button>}>
            {received > 0
              ? t("export.arriving", { size: formatNumber(Math.ceil(received / 1024)) })
              : t("export.preparing")}
          </Notice>
        )}
        {order.error && (
          <Notice tone="danger" urgent>
            {problemText(order.error)}
          </Notice>
        )}
      </div>
    </Dialog>
  );
}
