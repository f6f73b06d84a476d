/** Keeps what is being written in a form through a reload, a lost network or an expired session; per user. */
import { useEffect, useRef, useState } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";

const PREFIX = "clinic.draft.";

interface Draft<T> {
  savedAt: string;
  /** The version of the thing the draft was begun on, so that saving it over a newer one is noticed. */
  version: number | null;
  /** Only what was changed: what was not touched is to be as it is now, not as it was then. */
  values: Partial<T>;
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

function changes<T extends FieldValues>(begun: T, values: T): Partial<T> {
  const differs = ([name, value]: [string, unknown]) => JSON.stringify(value) !== JSON.stringify(begun[name]);
  return Object.fromEntries(Object.entries(values).filter(differs)) as Partial<T>;
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
  const { reset, watch, getValues, formState } = form as UseFormReturn<T>;
  const defaults = useRef(formState.defaultValues);

  useEffect(() => {
    const begun = defaults.current as T;
    if (found) reset({ ...begun, ...found.values }, { keepDefaultValues: true });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const keep = (values: T) => {
      timer = undefined;
      if (forgotten.current) return;
      const changed = changes(begun, values);
      if (Object.keys(changed).length === 0) return localStorage.removeItem(key);
      const draft = { savedAt: new Date().toISOString(), version: begunOn.current, values: changed };
      localStorage.setItem(key, JSON.stringify(draft));
    };
    const subscription = watch((values) => {
      clearTimeout(timer);
      timer = setTimeout(() => keep(values as T), 300);
    });
    return () => {
      subscription.unsubscribe();
      if (timer === undefined) return;
      clearTimeout(timer);
      keep(getValues()); // whoever follows a link loses no last word
    };
  }, [found, getValues, key, reset, watch]);

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
