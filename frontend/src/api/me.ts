/** Who is signed in, and what the roles allow on the screens (the services decide again on every request). */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { readMe } from "./identity";
import type { Role, User } from "./types";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => readMe(signal),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Only below the signed-in layout, which loads it before rendering. */
export const useMe = (): User => useSuspenseQuery(meQuery).data;

const hasOneOf = (user: User, roles: Role[]) => roles.some((role) => user.roles.includes(role));

export const isAdmin = (user: User) => hasOneOf(user, ["ROLE_ADMIN"]);
export const mayBill = (user: User) => hasOneOf(user, ["ROLE_RECEPTIONIST", "ROLE_USER", "ROLE_ADMIN"]);
/** Time off and the like of everybody; practitioners plan their own. */
export const mayPlanForAll = (user: User) => hasOneOf(user, ["ROLE_RECEPTIONIST", "ROLE_USER", "ROLE_ADMIN"]);
export const mayReadClinical = (user: User) =>
  hasOneOf(user, ["ROLE_PRACTITIONER", "ROLE_USER", "ROLE_ADMIN"]);
/** Who may put something over what is in the way, on purpose. */
export const mayOverbook = (user: User) => hasOneOf(user, ["ROLE_RECEPTIONIST", "ROLE_USER", "ROLE_ADMIN"]);
