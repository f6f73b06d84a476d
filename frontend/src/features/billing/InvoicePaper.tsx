/** The document as it will print, in a frame that runs nothing; it can be printed from there. */
import { useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useRef, useState } from "react";
import { failureOf } from "@/api/problemText";
import type { Invoice } from "@/api/types";
import { LOCALES, useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { FailureNotice } from "@/ui/FailureNotice";
import { Choice } from "@/ui/ListControls";
import { Card, Skeleton } from "@/ui/surface";
import { Paper } from "./Paper";
import { invoiceHtmlQuery } from "./queries";

export function InvoicePaper({ invoice }: { invoice: Invoice }) {
  const { locale: spoken, t } = useLanguage();
  const [locale, setLocale] = useState(spoken);
  const html = useQuery(invoiceHtmlQuery(invoice.id, invoice.version, locale));
  const frame = useRef<HTMLIFrameElement>(null);
  return (
    <Card
      heading={t("invoice.paper")}
      action={
        <div className="flex flex-wrap gap-3">
          <Choice
            label={t("shell.language")}
            value={locale}
            onChange={setLocale}
            options={LOCALES.map((value) => ({ value, label: value.toUpperCase() }))}
          />
          <Button disabled={!html.data} onClick={() => frame.current?.contentWindow?.print()}>
            <Printer aria-hidden className="size-5" />
            {t("action.print")}
          </Button>
        </div>
      }
    >
      {html.isPending && <Skeleton className="aspect-[210/297]" />}
      {html.isError && <FailureNotice failure={failureOf(html.error)} onRetry={html.refetch} />}
      {html.data && (
        <Paper
          ref={frame}
          html={html.data}
          title={t("invoice.paper.of", { number: invoice.displayNumber })}
        />
      )}
    </Card>
  );
}
