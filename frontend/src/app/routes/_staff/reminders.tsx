/** /reminders */
import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/_staff/reminders")({
  component: () => null,
});
