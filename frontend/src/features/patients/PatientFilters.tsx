/** What narrows the list: forgiveness for typing errors, the status, and an order where nothing is searched. */
import { SpellCheck2 } from "lucide-react";
import { isAdmin, useMe } from "@/api/me";
import { useLanguage } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { Choice } from "@/ui/ListControls";
import type { PatientListState } from "./PatientList";

export function FuzzyToggle({ isOn, onSwitch }: { isOn: boolean; onSwitch: (wanted: boolean) => void }) {
  const { t } = useLanguage();
  return (
    <button
      type="button"
      aria-pressed={isOn}
      title={t("patients.fuzzy.title")}
      onClick={() => onSwitch(!isOn)}
      className={classes(
        "inline-flex min-h-11 items-center gap-2 rounded-field border px-3 font-medium md:px-4 whitespace-nowrap transition justify-center",
        isOn
          ? "border-accent-text bg-accent-soft text-accent-text"
          : "border-strong-line/50 bg-surface text-soft hover:bg-sunken hover:text-ink",
      )}
    >
      <SpellCheck2 aria-hidden className="size-5 shrink-0" />
      {t("patients.fuzzy")}
    </button>
  );
}

interface PatientFiltersProps {
  state: PatientListState;
  onChange: (change: Partial<PatientListState>) => void;
}

export function PatientFilters({ state, onChange }: PatientFiltersProps) {
  const { t } = useLanguage();
  const me = useMe();
  const statuses = (["all", "active", "inactive", "erased"] as const).filter(
    (status) => status !== "erased" || isAdmin(me),
  );
  return (
    <>
      <div className="flex max-md:order-last max-md:col-span-2">
        <Choice
          label={t("patients.status")}
          value={state.status}
          onChange={(status) => onChange({ status })}
          options={statuses.map((value) => ({ value, label: t(`patients.show.${value}`) }))}
        />
      </div>
      {state.search ? (
        <p className="min-h-11 content-center text-right text-sm text-soft">{t("patients.order.best")}</p>
      ) : (
        <Choice
          label={t("list.order")}
          value={state.order}
          onChange={(order) => onChange({ order })}
          options={[
            { value: "latest", label: t("patients.order.latest") },
            { value: "alpha", label: t("patients.order.alpha") },
          ]}
        />
      )}
    </>
  );
}
