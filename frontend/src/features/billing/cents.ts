/** Live totals of an invoice being written, in integer cents; billing computes them again when it issues. */

/** Reads "60", "60.5" or "60,50" exactly; null when it is not an amount with at most two decimals. */
export function hundredths(text: string): number | null {
  const parts = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  return parts ? Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0")) : null;
}

/** Rounded half-up to a cent per line (product: money), without leaving the integers. */
export function lineCents(quantity: string, unitPrice: string): number | null {
  const count = hundredths(quantity);
  const price = hundredths(unitPrice);
  return count === null || price === null ? null : Math.floor((count * price + 50) / 100);
}

export function totalCents(lines: readonly { quantity: string; unitPrice: string }[]): number {
  return lines.reduce((total, { quantity, unitPrice }) => total + (lineCents(quantity, unitPrice) ?? 0), 0);
}

/** Cents as the decimal string the wire and Intl take. */
export const asDecimal = (cents: number): string =>
  `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
