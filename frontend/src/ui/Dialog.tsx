/** A modal dialog; on a phone it is a sheet from below. Focus returns to what opened it. */
import { DialogBackdrop, DialogPanel, DialogTitle, Dialog as Modal } from "@headlessui/react";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "./Button";
import { classes } from "./classes";

/** A row of buttons that stays in sight below what scrolls. */
export const DIALOG_FOOTER =
  "sticky bottom-[calc(-1*max(1.25rem,env(safe-area-inset-bottom)))] z-10 -mx-5 -mb-[max(1.25rem,env(safe-area-inset-bottom))] flex flex-wrap gap-3 border-t border-line bg-raised px-5 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  heading: string;
  closeLabel: string;
  /** For what needs room, such as a list beside its form. */
  wide?: boolean;
  children: ReactNode;
}

export function Dialog({ open, onClose, heading, closeLabel, wide = false, children }: DialogProps) {
  return (
    <Modal
      open={open}
      onClose={onClose}
      className="fixed inset-0 z-40 flex items-end justify-center md:items-center md:p-6"
    >
      <DialogBackdrop className="fixed inset-0 bg-black/40" />
      <DialogPanel
        className={classes(
          "relative flex max-h-[92dvh] w-full flex-col rounded-t-2xl border border-line bg-raised shadow-float md:rounded-2xl",
          wide ? "max-w-3xl" : "max-w-xl",
        )}
      >
        <div className="flex items-center justify-between gap-4 border-b border-line py-2 pr-2 pl-5">
          <DialogTitle className="min-w-0 text-lg font-semibold wrap-anywhere">{heading}</DialogTitle>
          <IconButton label={closeLabel} onClick={onClose}>
            <X aria-hidden className="size-5" />
          </IconButton>
        </div>
        <div className="overflow-y-auto p-5 pb-[max(1.25rem,env(safe-area-inset-bottom))]">{children}</div>
      </DialogPanel>
    </Modal>
  );
}
