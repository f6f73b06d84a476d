/** The controls above and below a list: search box, choice of a few, pages. */
import { ChevronLeft, ChevronRight, FileX, Search } from "lucide-react";
import { forwardRef, type InputHTMLAttributes } from "react";
import { useLanguage } from "@/i18n/language";
import { Button } from "./Button";
import { classes } from "./classes";
import { EmptyState } from "./surface";

type SearchBoxProps = { label: string } & InputHTMLAttributes<HTMLInputElement>;

export const SearchBox = forwardRef<HTMLInputElement, SearchBoxProps>(
  ({ label, className, ...rest }, ref) => (
    <div className={classes("relative min-w-0 flex-1", className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-3 size-5 -translate-y-1/2 text-soft"
      />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        className="field h-11 pl-10"
        {...rest}
      />
    </div>
  ),
);

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <fieldset className="flex rounded-field bg-sunken p-0.5 max-md:flex-1" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={classes(
            "min-h-10 flex-1 rounded-[0.5rem] px-2 font-medium md:px-3 whitespace-nowrap transition touch:min-h-11",
            option.value === value
              ? "bg-surface text-ink shadow-sm dark:bg-strong-line/40"
              : "text-soft hover:text-ink",
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}

interface PagesProps {
  page: number;
  hasNext: boolean;
  onPage: (page: number) => void;
  texts: { navigation: string; previous: string; next: string; summary: string };
}

export function Pages({ page, hasNext, onPage, texts }: PagesProps) {
  return (
    <nav
      aria-label={texts.navigation}
      className="mt-4 flex flex-wrap items-center justify-between gap-3 text-soft"
    >
      <p aria-live="polite">{texts.summary}</p>
      {(page > 1 || hasNext) && (
        <div className="flex min-w-0 flex-wrap gap-2">
          <Button disabled={page <= 1} onClick={() => onPage(page - 1)}>
            <ChevronLeft aria-hidden className="size-4" />
            {texts.previous}
          </Button>
          <Button disabled={!hasNext} onClick={() => onPage(page + 1)}>
            {texts.next}
            <ChevronRight aria-hidden className="size-4" />
          </Button>
        </div>
      )}
    </nav>
  );
}

/** A page number the list no longer reaches is not an empty list. */
export function BeyondTheEnd({ onFirst }: { onFirst: () => void }) {
  const { t } = useLanguage();
  return (
    <EmptyState
      icon={<FileX />}
      heading={t("list.beyond")}
      text={t("list.beyond.text")}
      action={<Button onClick={onFirst}>{t("list.first")}</Button>}
    />
  );
}
