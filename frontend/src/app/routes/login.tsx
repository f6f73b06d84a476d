/** /login — where to go afterwards is a path of this application, never another address. */
import { createFileRoute, redirect, useRouter } from "@tanstack/react-router";
import { accessToken } from "@/api/session";
import { SignIn } from "@/features/identity/SignIn";

const ownPath = (value: unknown) =>
  typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;

export const Route = createFileRoute("/login")({
  validateSearch: (search: Record<string, unknown>): { to?: string } => {
    const to = ownPath(search.to);
    return to ? { to } : {};
  },
  beforeLoad: ({ search }) => {
    if (accessToken()) throw redirect({ href: search.to ?? "/" });
  },
  component: function LoginRoute() {
    const router = useRouter();
    const { to } = Route.useSearch();
    return <SignIn onSignedIn={() => router.history.push(to ?? "/")} />;
  },
});
