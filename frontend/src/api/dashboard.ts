/** The gateway's composed figures. */
import { get } from "./http";
import type { DashboardStats } from "./types";

export const readDashboard = (signal?: AbortSignal) =>
  get<DashboardStats>("/dashboard/stats", undefined, signal);
