/** Fetches a long file while telling how much of it has arrived; it can be given up. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Arrival } from "@/api/http";
import { saveFile } from "@/ui/saveFile";

interface Order {
  name: string;
  fetch: (arrival: Arrival) => Promise<Blob>;
}

export function useExport() {
  const [received, setReceived] = useState(0);
  const going = useRef<AbortController | null>(null);
  useEffect(() => () => going.current?.abort(), []);
  const order = useMutation({
    mutationFn: async ({ name, fetch }: Order) => {
      setReceived(0);
      going.current = new AbortController();
      const { signal } = going.current;
      try {
        saveFile(await fetch({ signal, onBytes: setReceived }), name);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  });
  return { order, received, giveUp: () => going.current?.abort() };
}
