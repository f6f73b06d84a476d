/** Identity's calls. */
import { get, merge } from "./http";
import type { MePatch, User } from "./types";

export const readMe = (signal?: AbortSignal) => get<User>("/me", undefined, signal);
export const keepLocale = (locale: User["locale"]) => merge<User>("/me", { locale } satisfies MePatch);
