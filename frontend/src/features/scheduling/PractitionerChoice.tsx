/** Whose page of the diary is shown: one practitioner of several, by name and colour. */
import type { Practitioner } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { Initials } from "@/ui/surface";

interface PractitionerChoiceProps {
  practitioners: readonly Practitioner[];
  value: string;
  onChange: (id: string) => void;
}

export function PractitionerChoice({ practitioners, value, onChange }: PractitionerChoiceProps) {
  const { t } = useLanguage();
  if (practitioners.length < 2) return null;
  return (
    <fieldset aria-label={t("booking.practitioner")} className="mb-5 flex flex-wrap gap-2">
      {practitioners.map(({ id, name, colour, initials }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === value}
          onClick={() => onChange(id)}
          className={classes(
            "flex min-h-11 items-center gap-2 rounded-full border py-1 pr-4 pl-1.5 transition",
            id === value
              ? "border-accent-text bg-accent-soft font-medium"
              : "border-line bg-surface hover:bg-sunken",
          )}
        >
          <Initials text={initials} colour={colour} size="sm" />
          {name}
        </button>
      ))}
    </fieldset>
  );
}
