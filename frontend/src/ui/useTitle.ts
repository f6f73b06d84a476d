/** The browser tab's title; it never names a person. */
import { useEffect } from "react";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = [title, document.documentElement.dataset.clinic].filter(Boolean).join(" · ");
  }, [title]);
}
