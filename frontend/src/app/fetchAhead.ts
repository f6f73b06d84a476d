/** Fetches the screens not yet opened while there is time, so that they open at once and without a network. */
import type { AnyRouter } from "@tanstack/react-router";
import { fetchAhead as fetchParts } from "@/ui/onDemand";

const QUIET_MS = 8_000;

export function fetchScreensAhead(router: AnyRouter): () => void {
  const timer = setTimeout(async () => {
    for (const route of Object.values(router.routesById)) {
      // What cannot be fetched now is asked for again when it is opened.
      await Promise.resolve(router.loadRouteChunk(route)).catch(() => undefined);
    }
    await fetchParts();
  }, QUIET_MS);
  return () => clearTimeout(timer);
}
