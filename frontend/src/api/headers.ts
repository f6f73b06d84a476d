/** Headers every request carries: the caller's language and the start of its trace. */
import { currentLocale } from "@/i18n/language";

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function requestHeaders(): Record<string, string> {
  // W3C Trace Context: version, trace id, parent id, sampled.
  return { "X-App-Locale": currentLocale(), traceparent: `00-${randomHex(16)}-${randomHex(8)}-01` };
}

/** One per form filling. `crypto.randomUUID` is missing on plain http, where clinics on a local network are. */
export const newIdempotencyKey = (): string => randomHex(16);
