/** The calendar's keys, and the switch that silences them. */
import { type MessageKey, useLanguage } from "@/i18n/language";
import { Dialog } from "@/ui/Dialog";
import { Checkbox } from "@/ui/Field";

const KEYS: [keys: string[], what: MessageKey][] = [
  [["T"], "calendar.keys.today"],
  [["J"], "calendar.keys.next"],
  [["K"], "calendar.keys.previous"],
  [["D"], "calendar.view.day"],
  [["W"], "calendar.view.week"],
  [["M"], "calendar.view.month"],
  [["A"], "calendar.view.list"],
  [["N", "C"], "booking.heading"],
  [["/"], "calendar.search"],
  [["Tab"], "calendar.keys.walk"],
  [["Enter"], "calendar.keys.open"],
  [["Alt ↑", "Alt ↓"], "calendar.keys.moveBySlot"],
  [["Alt ←", "Alt →"], "calendar.keys.moveAcross"],
  [["Ctrl Z", "⌘ Z"], "action.undo"],
  [["?"], "calendar.keys.help"],
];

interface CalendarKeysDialogProps {
  isOn: boolean;
  onTurn: (on: boolean) => void;
  onClose: () => void;
}

export function CalendarKeysDialog({ isOn, onTurn, onClose }: CalendarKeysDialogProps) {
  const { t } = useLanguage();
  return (
    <Dialog open onClose={onClose} heading={t("calendar.keys")} closeLabel={t("action.close")}>
      <Checkbox
        label={t("calendar.keys.on")}
        checked={isOn}
        onChange={(event) => onTurn(event.target.checked)}
      />
      <dl className="mt-3 grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
        {KEYS.map(([keys, what]) => (
          <div key={what} className="contents">
            <dt className="flex flex-wrap gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-7 rounded-md border border-line bg-sunken px-1.5 py-0.5 text-center font-sans text-sm"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{t(what)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
