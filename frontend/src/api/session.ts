/**
 * The signed-in session of this page: the access token lives in memory alone, the refresh cookie is the browser's.
 * Refreshing is single flight, also between tabs, because a refresh token used twice ends the whole session.
 */
import axios from "axios";
import { requestHeaders } from "./headers";
import { asProblem } from "./problem";
import type { Grant } from "./types";

const HINT = "clinic.session";
const REFRESH_BEFORE_SECONDS = 60;

let token: string | null = null;
let subject: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let refreshing: Promise<string | null> | null = null;
/**
 * `left` when the person signed out, here or in another tab; `expired` when the server ended it; `replaced` when
 * somebody else signed in in another tab: this tab's screens are not theirs.
 */
export type SessionEnd = "left" | "expired" | "replaced";
const endListeners = new Set<(end: SessionEnd) => void>();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(HINT);
channel?.addEventListener("message", ({ data }) => {
  if (data === "left") forget("left");
  else if (token && data !== subject) forget("replaced");
});

export const accessToken = (): string | null => token;

/** Whether this browser signed in before: without it a visitor's first page would ask for a refresh in vain. */
export const mayHaveSession = (): boolean => localStorage.getItem(HINT) !== null;

export function onSessionEnd(listener: (end: SessionEnd) => void): () => void {
  endListeners.add(listener);
  return () => endListeners.delete(listener);
}

/** Whose token it is, by its `sub` claim; only to notice another person, the services verify it. */
function subjectOf(jwt: string): string | null {
  try {
    const [, claims = ""] = jwt.split(".");
    return JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))).sub ?? null;
  } catch {
    return null;
  }
}

/** Null when the browser's cookie has meanwhile become another person's. */
function keep(grant: Grant): string | null {
  const granted = subjectOf(grant.token);
  if (token && granted !== subject) {
    forget("replaced");
    return null;
  }
  subject = granted;
  token = grant.token;
  localStorage.setItem(HINT, "1");
  clearTimeout(timer);
  const seconds = Math.max(grant.expiresIn - REFRESH_BEFORE_SECONDS, grant.expiresIn / 2);
  timer = setTimeout(() => void refreshSession(), seconds * 1000);
  return grant.token;
}

function forget(end: SessionEnd): void {
  const wasSignedIn = token !== null;
  token = null;
  clearTimeout(timer);
  if (end !== "replaced") localStorage.removeItem(HINT);
  if (wasSignedIn) for (const listener of endListeners) listener(end);
}

export async function signIn(email: string, password: string): Promise<void> {
  const answer = await axios.post<Grant>("/api/login", { email, password }, { headers: requestHeaders() });
  keep(answer.data);
  channel?.postMessage(subject);
}

/** Leaves at once on this device, whether or not the server could be told. */
export async function signOut(): Promise<void> {
  const headers = { ...requestHeaders(), Authorization: `Bearer ${token}` };
  await axios.post("/api/logout", undefined, { headers, timeout: 5000 }).catch(() => undefined);
  forget("left");
  channel?.postMessage("left");
}

/** The new access token, or null when the session is over. Throws when the answer is unknown (no network). */
export function refreshSession(): Promise<string | null> {
  refreshing ??= oneTabAtATime(requestRefresh).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function requestRefresh(): Promise<string | null> {
  try {
    const answer = await axios.post<Grant>("/api/token/refresh", undefined, { headers: requestHeaders() });
    return keep(answer.data);
  } catch (error) {
    const problem = asProblem(error);
    if (!problem.isDefinite || problem.status === 429) throw problem;
    forget("expired");
    return null;
  }
}

/** Web Locks are missing on plain http other than localhost; the server's rotation then decides alone. */
function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(HINT, work) : work();
}
