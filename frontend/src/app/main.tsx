/** Starts the SPA: language and session first, so that the first paint is already the right screen. */
import "./styles.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { clinic } from "@/api/clinic";
import { mayHaveSession, onSessionEnd, refreshSession } from "@/api/session";
import { startLanguage } from "@/i18n/language";
import { wearAccent } from "@/ui/theme";
import { queryClient } from "./queryClient";
import { router } from "./router";

document.documentElement.dataset.clinic = clinic.title;
wearAccent(clinic.accentColour);

onSessionEnd(async (end) => {
  if (end === "replaced") return window.location.reload();
  // Who signs in after an expired session goes on where the work was left; who signed out leaves nothing behind.
  await (end === "left" ? router.navigate({ to: "/login" }) : router.invalidate());
  queryClient.clear();
});

router.subscribe("onRendered", ({ pathChanged, fromLocation }) => {
  if (!pathChanged || !fromLocation) return;
  const main = document.querySelector("main");
  // A screen that has put the focus on something better, such as the row one came from, keeps it.
  if (main?.contains(document.activeElement) && document.activeElement !== main) return;
  main?.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
});

await Promise.all([
  startLanguage(clinic.defaultLocale),
  // Without an answer the person meets the sign-in screen, which says what is wrong.
  mayHaveSession() ? refreshSession().catch(() => null) : null,
]);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
