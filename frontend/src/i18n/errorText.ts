/** A field's error as a sentence: our own rules carry catalogue keys, the server's messages are sentences already. */
import type { MessageKey, Translate } from "./language";

export function errorText(
  error: { type?: unknown; message?: string } | undefined,
  t: Translate,
): string | undefined {
  if (!error?.message) return undefined;
  return error.type === "server" ? error.message : t(error.message as MessageKey);
}
