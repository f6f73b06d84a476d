/** Reads a collection to its end, for what is printed whole. */
import type { Collection } from "./types";

/** Beyond this nobody reads the paper; whoever needs more narrows the question. */
const MOST_PAGES = 25;

export async function everyPage<T>(read: (page: number) => Promise<Collection<T>>): Promise<T[]> {
  const members: T[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { member, view } = await read(page);
    members.push(...member);
    if (!view.next) break;
  }
  return members;
}
