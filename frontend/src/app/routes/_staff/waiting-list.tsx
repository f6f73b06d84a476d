/** /waiting-list */
import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/_staff/waiting-list")({
  component: () => null,
});
