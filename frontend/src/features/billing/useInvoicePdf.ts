/** Downloads an invoice's PDF with the session's token and hands it to the browser as a file. */
import { useMutation } from "@tanstack/react-query";
import { invoicePdf } from "@/api/billing";
import { problemText } from "@/api/problemText";
import type { InvoiceSummary } from "@/api/types";
import type { Locale } from "@/i18n/language";
import { saidProblem } from "@/ui/toast";

interface PdfOrder {
  invoice: Pick<InvoiceSummary, "id" | "number">;
  locale: Locale;
}

export function useInvoicePdf() {
  return useMutation({
    mutationFn: async ({ invoice, locale }: PdfOrder) => {
      const pdf = await invoicePdf(invoice.id, locale);
      const address = URL.createObjectURL(pdf);
      const link = document.createElement("a");
      link.href = address;
      link.download = `invoice-${invoice.number}.pdf`;
      link.click();
      // Revoking at once would cut off a download that has not begun.
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    },
    onError: (error) => saidProblem(problemText(error)),
  });
}
