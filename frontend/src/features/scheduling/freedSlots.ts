/** Time that was just given back somewhere in the diary, so that those who wait for it can be offered on any screen. */
import { useSyncExternalStore } from "react";
import type { FreeStart } from "@/api/types";

let freed: FreeStart | null = null;
const listeners = new Set<() => void>();

function keep(slot: FreeStart | null): void {
  freed = slot;
  for (const listener of listeners) listener();
}

/** To be called after a cancellation or deletion; what is past already is of use to nobody. */
export function offerFreedSlot({ practitionerId, startsAt, endsAt }: FreeStart): void {
  if (Date.parse(startsAt) > Date.now()) keep({ practitionerId, startsAt, endsAt });
}

export const closeFreedSlot = (): void => keep(null);

export function useFreedSlot(): FreeStart | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => freed,
  );
}
