/** What is typed in a search box, passed on when the person pauses, and followed when it changes from outside. */
import { useEffect, useRef, useState } from "react";
import { useDebounced } from "./useDebounced";

interface SearchText {
  typed: string;
  type: (text: string) => void;
  /** Whether what is typed is what is being searched. */
  isPassedOn: boolean;
}

const PAUSE_MS = 250;

export function useSearchText(search: string, onSearch: (search: string) => void): SearchText {
  const [typed, setTyped] = useState(search);
  const settled = useDebounced(typed.trim(), PAUSE_MS);
  const known = useRef(search);
  const pass = useRef(onSearch);
  pass.current = onSearch;

  // Only a pause in typing passes the text on: a navigation away must not be answered with another search.
  useEffect(() => {
    if (settled === known.current) return;
    known.current = settled;
    pass.current(settled);
  }, [settled]);

  useEffect(() => {
    if (search === known.current) return;
    known.current = search;
    setTyped(search);
  }, [search]);

  return { typed, type: setTyped, isPassedOn: typed.trim() === search };
}
