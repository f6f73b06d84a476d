/** Reads an address's search parameters: what is not known is dropped. (A schema library would enter the entry chunk.) */

type Search = Record<string, unknown>;

export function oneOf<K extends string, V extends string>(
  search: Search,
  name: K,
  values: readonly V[],
): { [key in K]?: V } {
  const value = values.find((known) => known === search[name]);
  return (value ? { [name]: value } : {}) as { [key in K]?: V };
}

export function pageNumber(search: Search): { page?: number } {
  const page = Number(search.page);
  return Number.isInteger(page) && page > 1 ? { page } : {};
}

export function yearNumber(search: Search): { year?: number } {
  const year = Number(search.year);
  return Number.isInteger(year) && year >= 1900 && year <= 9999 ? { year } : {};
}

export function matching<K extends string>(
  search: Search,
  name: K,
  pattern: RegExp,
): { [key in K]?: string } {
  const value = search[name];
  return (typeof value === "string" && pattern.test(value) ? { [name]: value } : {}) as {
    [key in K]?: string;
  };
}

export const ID = /^[0-9a-f-]{36}$/i;
export const DATE = /^\d{4}-\d{2}-\d{2}$/;
export const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
