/** Keeps what is being written in a form through a reload, a lost network or an expired session; per user. */
import { useEffect, useRef, useState } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";

const PREFIX = "clinic.draft.";

interface Draft<T> {
  savedAt: string;
  /** The version of the thing the draft was begun on, so that saving it over a newer one is noticed. */
  version: number | null;
  values: T;
}

export interface DraftState {
  /** When the restored draft was last written, or null when the form began empty. */
  restoredAt: Date | null;
  version: number | null;
  discard: () => void;
  forget: () => void;
}

export function clearDrafts(): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  for (const key of keys) localStorage.removeItem(key);
}

function read<T>(key: string): Draft<T> | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as Draft<T> | null;
  } catch {
    return null;
  }
}

export function useDraft<T extends FieldValues>(
  form: UseFormReturn<T, unknown, never> | UseFormReturn<T>,
  name: string,
  version: number | null = null,
): DraftState {
  const key = PREFIX + name;
  const [found] = useState(() => read<T>(key));
  const [restored, setRestored] = useState(found);
  const forgotten = useRef(false);
  const begunOn = useRef<number | null>(null);
  begunOn.current = restored ? restored.version : version;
  const { reset, watch } = form as UseFormReturn<T>;

  useEffect(() => {
    if (found) reset(found.values, { keepDefaultValues: true });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const subscription = watch((values) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (forgotten.current) return;
        const draft = { savedAt: new Date().toISOString(), version: begunOn.current, values };
        localStorage.setItem(key, JSON.stringify(draft));
      }, 300);
    });
    return () => {
      clearTimeout(timer);
      subscription.unsubscribe();
    };
  }, [found, key, reset, watch]);

  const forget = () => {
    forgotten.current = true;
    localStorage.removeItem(key);
  };
  return {
    restoredAt: restored ? new Date(restored.savedAt) : null,
    version: begunOn.current,
    forget,
    discard: () => {
      reset();
      localStorage.removeItem(key);
      setRestored(null);
    },
  };
}
