/** Identity's calls. */
import { get, merge } from "./http";
import type { Collection, MePatch, User } from "./types";

export const readMe = (signal?: AbortSignal) => get<User>("/me", undefined, signal);
export const keepLocale = (locale: User["locale"]) => merge<User>("/me", { locale } satisfies MePatch);
export const listUsers = (signal?: AbortSignal) =>
  get<Collection<User>>("/users", { itemsPerPage: 200 }, signal);
