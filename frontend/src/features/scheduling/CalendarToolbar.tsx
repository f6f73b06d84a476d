/** The calendar's controls: when, how, whose, and what can be done with what is on screen. */
import { ChevronLeft, ChevronRight, Ellipsis, Keyboard, Plus, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useLanguage } from "@/i18n/language";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Choice } from "@/ui/ListControls";
import { type CalendarView, VIEWS } from "./calendarDays";

interface CalendarToolbarProps {
  title: string;
  view: CalendarView;
  onView: (view: CalendarView) => void;
  onStep: (direction: 1 | -1) => void;
  onToday: () => void;
  onCreate: () => void;
  onSearch: () => void;
  onHelp: () => void;
  /** Whose time is shown. */
  filter: ReactNode;
  /** What can be done with the days on screen; folded away on a phone. */
  actions: ReactNode;
}

export function CalendarToolbar(props: CalendarToolbarProps) {
  const { t } = useLanguage();
  const { title, view, onView, onStep, onToday, onCreate, onSearch, onHelp, filter, actions } = props;
  const [isUnfolded, setIsUnfolded] = useState(false);
  return (
    <>
      <header className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2 md:mb-3">
        <h1
          tabIndex={-1}
          className="min-w-0 flex-1 text-xl font-semibold tracking-tight md:flex-none md:text-2xl"
        >
          {t("calendar.heading")}
        </h1>
        <Button look="primary" className="ms-auto md:order-last md:ms-0" onClick={onCreate}>
          <Plus aria-hidden className="size-5" />
          <span className="max-md:sr-only">{t("booking.heading")}</span>
        </Button>
        <div className="flex min-w-0 items-center max-md:w-full md:ms-auto">
          <IconButton label={t("calendar.previous")} onClick={() => onStep(-1)}>
            <ChevronLeft aria-hidden className="size-5" />
          </IconButton>
          <Button className="min-h-11" onClick={onToday}>
            {t("calendar.today")}
          </Button>
          <IconButton label={t("calendar.next")} onClick={() => onStep(1)}>
            <ChevronRight aria-hidden className="size-5" />
          </IconButton>
          <p aria-live="polite" className="ms-1 min-w-0 font-medium first-letter:uppercase max-md:text-sm">
            {title}
          </p>
        </div>
        <div className="max-md:w-full">
          <Choice
            label={t("calendar.view")}
            value={view}
            onChange={onView}
            options={VIEWS.map((value) => ({ value, label: t(`calendar.view.${value}`) }))}
          />
        </div>
      </header>
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2 md:mb-3">
        {filter}
        <div className="ms-auto flex items-center md:order-last md:ms-0">
          <IconButton label={t("calendar.search")} onClick={onSearch}>
            <Search aria-hidden className="size-5" />
          </IconButton>
          <IconButton label={t("calendar.keys")} className="max-md:hidden" onClick={onHelp}>
            <Keyboard aria-hidden className="size-5" />
          </IconButton>
          <IconButton
            label={t("calendar.more")}
            aria-expanded={isUnfolded}
            className="md:hidden"
            onClick={() => setIsUnfolded(!isUnfolded)}
          >
            <Ellipsis aria-hidden className="size-5" />
          </IconButton>
        </div>
        <div
          className={classes("flex flex-wrap gap-2 max-md:w-full md:ms-auto", !isUnfolded && "max-md:hidden")}
        >
          {actions}
        </div>
      </div>
    </>
  );
}
