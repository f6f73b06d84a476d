/** Live totals of an invoice being written, in integer cents; billing computes them again when it issues. */
import { currentLocale } from "@/i18n/language";

/** Reads "60", "60.5", "60,50" or "-5" exactly; null when it is not an amount with at most two decimals. */
export function hundredths(text: string): number | null {
  const parts = /^([-−]?)(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  if (!parts) return null;
  const [, sign, whole, decimals = ""] = parts;
  const size = Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
  return sign && size > 0 ? -size : size;
}

/** Rounded half-up to a cent per line, of a negative one too (product: money), without leaving the integers. */
export function lineCents(quantity: string, unitPrice: string): number | null {
  const count = hundredths(quantity);
  const price = hundredths(unitPrice);
  if (count === null || price === null) return null;
  const size = Math.floor((Math.abs(count * price) + 50) / 100);
  return count * price < 0 ? -size : size;
}

export function totalCents(lines: readonly { quantity: string; unitPrice: string }[]): number {
  return lines.reduce((total, { quantity, unitPrice }) => total + (lineCents(quantity, unitPrice) ?? 0), 0);
}

/** Cents as the decimal string the wire and Intl take. */
export function asDecimal(cents: number): string {
  const size = Math.abs(cents);
  return `${cents < 0 ? "-" : ""}${Math.floor(size / 100)}.${String(size % 100).padStart(2, "0")}`;
}

/** A decimal of the wire in cents; a sum may have more digits than what is typed in a field. */
export function centsOf(decimal: string): number {
  const [whole = "0", decimals = ""] = decimal.replace("-", "").split(".");
  const size = Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
  return decimal.startsWith("-") ? -size : size;
}

/** A decimal of the wire as one types it in the language of the screen: 60,50 in Spanish. */
export const asTyped = (decimal: string): string =>
  currentLocale() === "es" ? decimal.replace(".", ",") : decimal;

export const asTypedQuantity = (decimal: string): string => asTyped(decimal.replace(/\.0+$/, ""));
