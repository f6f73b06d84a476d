/** Whether a search forgives typing errors: each person's own habit, remembered on this device. */
import { useState } from "react";

const keyOf = (userId: string) => `clinic.fuzzy.${userId}`;

export function useFuzzy(userId: string): [fuzzy: boolean, choose: (fuzzy: boolean) => void] {
  const [fuzzy, setFuzzy] = useState(() => localStorage.getItem(keyOf(userId)) !== null);
  const choose = (wanted: boolean) => {
    if (wanted) localStorage.setItem(keyOf(userId), "1");
    else localStorage.removeItem(keyOf(userId));
    setFuzzy(wanted);
  };
  return [fuzzy, choose];
}
