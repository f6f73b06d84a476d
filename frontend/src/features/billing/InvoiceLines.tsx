/** The lines of an invoice being written: added, removed and put in order, with the mouse or the keys alone. */
import { ArrowDown, ArrowUp, Plus, Ticket, Trash2 } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { type UseFieldArrayReturn, type UseFormReturn, useFieldArray } from "react-hook-form";
import { useLanguage } from "@/i18n/language";
import { Button, IconButton } from "@/ui/Button";
import { Card } from "@/ui/surface";
import { InvoiceLine } from "./InvoiceLine";
import { emptyLine, type InvoiceForm, PACK_SIZE, packLine } from "./invoiceForm";

type LinesOf = UseFieldArrayReturn<InvoiceForm, "lines">;

interface InvoiceLinesProps {
  form: UseFormReturn<InvoiceForm>;
  /** What a new line costs at first. */
  rate?: string | null;
  /** A pack belongs to a patient. */
  maySellPack?: boolean;
  above?: (lines: LinesOf) => ReactNode;
}

export function InvoiceLines({ form, rate = null, maySellPack = false, above }: InvoiceLinesProps) {
  const { t } = useLanguage();
  const lines = useFieldArray({ control: form.control, name: "lines" });
  const { fields, append, remove } = lines;
  const count = fields.length;
  const removed = useRef<number | null>(null);
  const { setFocus } = form;
  const { move, moved } = useMovedLine(lines);

  // The button that was pressed went with its line: the one that took its place goes on.
  useEffect(() => {
    if (removed.current === null) return;
    setFocus(`lines.${Math.min(removed.current, count - 1)}.concept`);
    removed.current = null;
  }, [count, setFocus]);

  const moveByKey = (event: KeyboardEvent, index: number) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.altKey) return;
    event.preventDefault();
    move(index, index + step);
  };

  return (
    <Card heading={t("invoice.lines")}>
      {above?.(lines)}
      <ol className="grid gap-5">
        {fields.map((field, index) => (
          <li
            key={field.id}
            onKeyDown={(event) => moveByKey(event, index)}
            className="grid gap-3 border-b border-line pb-5 last:border-0 last:pb-0"
          >
            <InvoiceLine form={form} index={index} />
            <div className="flex items-center gap-1">
              <span className="me-auto text-sm text-soft">{t("invoice.line", { number: index + 1 })}</span>
              <Step
                label={t("invoice.line.up", { number: index + 1 })}
                isPossible={index > 0}
                onStep={() => move(index, index - 1)}
              >
                <ArrowUp aria-hidden className="size-5" />
              </Step>
              <Step
                label={t("invoice.line.down", { number: index + 1 })}
                isPossible={index < count - 1}
                onStep={() => move(index, index + 1)}
              >
                <ArrowDown aria-hidden className="size-5" />
              </Step>
              <IconButton
                label={t("invoice.line.remove", { number: index + 1 })}
                disabled={count === 1}
                onClick={() => {
                  removed.current = index;
                  remove(index);
                }}
              >
                <Trash2 aria-hidden className="size-5" />
              </IconButton>
            </div>
          </li>
        ))}
      </ol>
      <p aria-live="polite" className="sr-only">
        {moved}
      </p>
      <div className="mt-4 flex flex-wrap gap-3">
        <Button
          onClick={() => append(emptyLine(rate), { focusName: `lines.${count}.concept` })}
          className="max-md:flex-1"
        >
          <Plus aria-hidden className="size-5" />
          {t("invoice.line.add")}
        </Button>
        {maySellPack && (
          <Button
            onClick={() =>
              append(packLine(t("pack.concept", { count: PACK_SIZE })), {
                focusName: `lines.${count}.packSessions`,
              })
            }
            className="max-md:flex-1"
          >
            <Ticket aria-hidden className="size-5" />
            {t("pack.sell")}
          </Button>
        )}
      </div>
      {count > 1 && <p className="mt-3 text-sm text-soft max-md:hidden">{t("invoice.lines.keys")}</p>}
    </Card>
  );
}

/** What had the focus keeps it while its line moves, and the new place is said aloud. */
function useMovedLine({ fields, swap }: LinesOf) {
  const { t } = useLanguage();
  const [moved, setMoved] = useState("");
  const focused = useRef<HTMLElement | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after the lines have been put in their new order
  useEffect(() => {
    focused.current?.focus();
    focused.current = null;
  }, [fields]);
  const move = (from: number, to: number) => {
    if (to < 0 || to >= fields.length) return;
    focused.current = document.activeElement as HTMLElement | null;
    swap(from, to);
    setMoved(t("invoice.line.moved", { from: from + 1, to: to + 1 }));
  };
  return { move, moved };
}

interface StepProps {
  label: string;
  isPossible: boolean;
  onStep: () => void;
  children: ReactNode;
}

/** At the end of its way it stays focusable, so that the focus is not lost with it. */
function Step({ label, isPossible, onStep, children }: StepProps) {
  return (
    <IconButton
      label={label}
      aria-disabled={!isPossible || undefined}
      className={isPossible ? "" : "opacity-40"}
      onClick={onStep}
    >
      {children}
    </IconButton>
  );
}
