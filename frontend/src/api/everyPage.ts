/** Reads a collection to its end, for what is printed whole. */
import type { Collection } from "./types";

export async function everyPage<T>(read: (page: number) => Promise<Collection<T>>): Promise<T[]> {
  const members: T[] = [];
  for (let page = 1; ; page++) {
    const { member, view } = await read(page);
    members.push(...member);
    if (!view.next) return members;
  }
}
