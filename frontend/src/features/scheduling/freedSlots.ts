/** Time that was just given back somewhere in the diary is told to the shell, which offers it to those who wait. */
import { useEffect, useState } from "react";
import type { FreeStart } from "@/api/types";

type Listener = (slot: FreeStart | null) => void;
const listeners = new Set<Listener>();

function tell(slot: FreeStart | null): void {
  for (const listener of listeners) listener(slot);
}

/** To be called after a cancellation or deletion; what is past already is of use to nobody. */
export function offerFreedSlot({ practitionerId, startsAt, endsAt }: FreeStart): void {
  if (Date.parse(startsAt) > Date.now()) tell({ practitionerId, startsAt, endsAt });
}

export const closeFreedSlot = (): void => tell(null);

/** Forgotten with the shell, when its person signs out. */
export function useFreedSlot(): FreeStart | null {
  const [freed, setFreed] = useState<FreeStart | null>(null);
  useEffect(() => {
    listeners.add(setFreed);
    return () => {
      listeners.delete(setFreed);
    };
  }, []);
  return freed;
}
