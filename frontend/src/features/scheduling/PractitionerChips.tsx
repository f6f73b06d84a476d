/** Whose time the calendar shows: none chosen shows everybody's. */
import type { Practitioner } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { Initials } from "@/ui/surface";

interface PractitionerChipsProps {
  practitioners: readonly Practitioner[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

export function PractitionerChips({ practitioners, chosen, onChange }: PractitionerChipsProps) {
  const { t } = useLanguage();
  const toggle = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <fieldset aria-label={t("calendar.practitioners")} className="flex min-w-0 flex-wrap gap-1.5">
      {practitioners.map(({ id, name, colour, initials }) => (
        <button
          key={id}
          type="button"
          aria-label={name}
          aria-pressed={chosen.includes(id)}
          onClick={() => toggle(id)}
          className={classes(
            "flex min-h-10 items-center gap-2 rounded-full border py-1 pr-3.5 pl-1.5 transition touch:min-h-11 max-md:size-11 max-md:justify-center max-md:p-0",
            chosen.includes(id)
              ? "border-accent-text bg-accent-soft font-medium"
              : "border-line bg-surface hover:bg-sunken",
          )}
        >
          <Initials text={initials} colour={colour} size="sm" />
          <span aria-hidden className="max-md:hidden">
            {name.split(" ")[0]}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
