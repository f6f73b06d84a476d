/** Addresses a role may not open say so at once, before anything is asked or shown. */
import { Problem } from "@/api/problem";
import type { User } from "@/api/types";

/** For a route's `beforeLoad`; the refusal is shown in the screen's place. */
export const onlyFor =
  (isAllowed: (user: User) => boolean) =>
  ({ context }: { context: { me: User } }): void => {
    if (!isAllowed(context.me)) throw new Problem(403, {});
  };

/** For routes that read clinical data. Hovering is not opening: what is read ahead would stand in the access log. */
export const READ_WHEN_OPENED = { preload: false, gcTime: 0 } as const;
