/** Downloads an invoice's PDF. */
import { useMutation } from "@tanstack/react-query";
import { invoicePdf } from "@/api/billing";
import { problemText } from "@/api/problemText";
import type { InvoiceSummary } from "@/api/types";
import type { Locale } from "@/i18n/language";
import { saveFile } from "@/ui/saveFile";
import { saidProblem } from "@/ui/toast";

interface PdfOrder {
  invoice: Pick<InvoiceSummary, "id" | "number">;
  locale: Locale;
}

export function useInvoicePdf() {
  return useMutation({
    mutationFn: async ({ invoice, locale }: PdfOrder) =>
      saveFile(await invoicePdf(invoice.id, locale), `invoice-${invoice.number}.pdf`),
    onError: (error) => saidProblem(problemText(error)),
  });
}
