/** Any other address, inside the shell. */
import { createFileRoute } from "@tanstack/react-router";
import { RouteNotFound } from "../../shell/RouteFailure";

export const Route = createFileRoute("/_staff/$")({ component: RouteNotFound });
