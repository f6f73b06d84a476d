/** One sentence for a person about a failed request; the server's own words where it has some. */
import { translate } from "@/i18n/language";
import { asProblem } from "./problem";

export function problemText(error: unknown): string {
  const problem = asProblem(error);
  if (problem.status === 0) return translate("problem.network");
  if (problem.message) return problem.message;
  if (problem.status === 403) return translate("problem.forbidden");
  if (problem.status === 404) return translate("problem.notFound");
  if (problem.status === 503) return translate("problem.unavailable");
  return translate("problem.unexpected");
}

/** A failed read as a screen shows it; what is forbidden or does not exist is not asked for again. */
export function failureOf(error: unknown): { text: string; isFinal: boolean } {
  const { status } = asProblem(error);
  return { text: problemText(error), isFinal: [403, 404, 410, 422].includes(status) };
}
