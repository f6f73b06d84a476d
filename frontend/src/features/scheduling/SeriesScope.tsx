/** Which sessions of a series a change is for. */
import { useLanguage } from "@/i18n/language";
import { Choice } from "@/ui/ListControls";

export type Scope = "one" | "later" | "all";
const SCOPES: readonly Scope[] = ["one", "later", "all"];

/** From which session on, as the server asks for it. */
export const sinceOf = (scope: Scope, id: string): { since?: string } =>
  scope === "later" ? { since: id } : {};

export function SeriesScope({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  const { t } = useLanguage();
  return (
    <div className="grid gap-1.5">
      <p className="text-sm font-medium">{t("appointment.scope")}</p>
      <Choice
        label={t("appointment.scope")}
        value={scope}
        onChange={onChange}
        options={SCOPES.map((value) => ({ value, label: t(`appointment.scope.${value}`) }))}
      />
    </div>
  );
}
