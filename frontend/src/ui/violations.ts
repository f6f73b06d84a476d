/** Puts a problem's violations at their fields and focuses the first; what has no field is returned to be shown above. */
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";

interface Violation {
  propertyPath: string;
  message: string;
}

export function showViolations<T extends FieldValues>(
  form: Pick<UseFormReturn<T>, "setError" | "getValues">,
  violations: readonly Violation[],
): string[] {
  const homeless: string[] = [];
  let focused = false;
  for (const { propertyPath, message } of violations) {
    // lines[0].concept and lines.0.concept name the same field.
    const path = propertyPath.replace(/\[(\w+)\]/g, ".$1") as FieldPath<T>;
    if (form.getValues(path) === undefined) {
      homeless.push(message);
      continue;
    }
    form.setError(path, { type: "server", message }, { shouldFocus: !focused });
    focused = true;
  }
  return homeless;
}
