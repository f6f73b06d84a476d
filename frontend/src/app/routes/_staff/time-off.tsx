/** /time-off */
import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/_staff/time-off")({
  component: () => null,
});
