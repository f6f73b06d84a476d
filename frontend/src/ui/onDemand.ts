/** Parts of screens that load when they are first needed, and can be fetched ahead so that they open without a network. */
import { type ComponentType, lazy } from "react";

const loaders = new Set<() => Promise<unknown>>();

export function onDemand<P>(load: () => Promise<ComponentType<P>>) {
  const asModule = async () => ({ default: await load() });
  loaders.add(asModule);
  return lazy(asModule);
}

/** A part that cannot be fetched now is asked for again when it is needed. */
export async function fetchAhead(): Promise<void> {
  for (const load of loaders) await load().catch(() => undefined);
}
