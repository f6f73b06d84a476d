/** The session survives an expired token without the person noticing, asks once for many, and ends cleanly. */
import { HttpResponse, http } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refusal, server, signedOut } from "../../test/server";

type Session = typeof import("./session");
type Http = typeof import("./http");
let session: Session;
let api: Http;
let refreshes: number;

/** A server where `valid` is the only good token and each refresh makes the next one. */
function serve(): { expire: () => void } {
  let valid = "token-0";
  refreshes = 0;
  server.use(
    http.post("/api/login", () => HttpResponse.json({ token: valid, expiresIn: 900 })),
    http.post("/api/logout", () => new HttpResponse(null, { status: 204 })),
    http.post("/api/token/refresh", () => {
      refreshes += 1;
      valid = `token-${refreshes}`;
      return HttpResponse.json({ token: valid, expiresIn: 900 });
    }),
    http.get("/api/patients", ({ request }) =>
      request.headers.get("Authorization") === `Bearer ${valid}`
        ? HttpResponse.json({ member: [] })
        : refusal(401, "token-expired"),
    ),
  );
  return { expire: () => (valid = "nobody has this") };
}

beforeEach(async () => {
  vi.resetModules();
  session = await import("./session");
  api = await import("./http");
  (await import("@/i18n/language")).speak("en", {});
});
afterEach(() => vi.useRealTimers());

test("ten requests with an expired token cause one refresh and all succeed", async () => {
  const { expire } = serve();
  await session.signIn("a@b.c", "secret");
  expire();
  const answers = await Promise.all(Array.from({ length: 10 }, () => api.get("/patients")));
  expect(answers).toHaveLength(10);
  expect(refreshes).toBe(1);
});

test("a request that is refused again after the refresh is not tried forever", async () => {
  serve();
  await session.signIn("a@b.c", "secret");
  server.use(http.get("/api/patients", () => refusal(401, "token-expired")));
  await expect(api.get("/patients")).rejects.toMatchObject({ status: 401 });
  expect(refreshes).toBe(1);
});

test("the token is renewed by itself before it expires", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  serve();
  await session.signIn("a@b.c", "secret");
  await vi.advanceTimersByTimeAsync(839_000);
  expect(refreshes).toBe(0);
  await vi.advanceTimersByTimeAsync(2_000);
  await vi.waitFor(() => expect(session.accessToken()).toBe("token-1"));
});

test("a session the server ended is told once and forgotten", async () => {
  serve();
  await session.signIn("a@b.c", "secret");
  const ended = vi.fn();
  session.onSessionEnd(ended);
  server.use(
    signedOut,
    http.get("/api/patients", () => refusal(401, "token-expired")),
  );
  await expect(Promise.all([api.get("/patients"), api.get("/patients")])).rejects.toMatchObject({
    status: 401,
  });
  expect(ended.mock.calls).toEqual([["expired"]]);
  expect(session.accessToken()).toBeNull();
  expect(session.mayHaveSession()).toBe(false);
});

test("a lost network during the refresh does not end the session", async () => {
  serve();
  await session.signIn("a@b.c", "secret");
  server.use(http.post("/api/token/refresh", () => HttpResponse.error()));
  await expect(session.refreshSession()).rejects.toMatchObject({ status: 0 });
  expect(session.mayHaveSession()).toBe(true);
});

test("signing out forgets the token even when the server cannot be told", async () => {
  serve();
  await session.signIn("a@b.c", "secret");
  server.use(http.post("/api/logout", () => HttpResponse.error()));
  await session.signOut();
  expect(session.accessToken()).toBeNull();
});

const tokenOf = (subject: string) => `head.${btoa(JSON.stringify({ sub: subject }))}.sign`;
const granted = (subject: string) => HttpResponse.json({ token: tokenOf(subject), expiresIn: 900 });

test("a cookie that became somebody else's gives this tab no token; its screens are not theirs", async () => {
  server.use(
    http.post("/api/login", () => granted("ana")),
    http.post("/api/token/refresh", () => granted("lucia")),
  );
  await session.signIn("a@b.c", "secret");
  const ended = vi.fn();
  session.onSessionEnd(ended);
  expect(await session.refreshSession()).toBeNull();
  expect(ended.mock.calls).toEqual([["replaced"]]);
  expect(session.accessToken()).toBeNull();
  expect(session.mayHaveSession()).toBe(true);
});

test("a tab notices at once when somebody else signs in in another one, and nothing when it is the same person", async () => {
  server.use(http.post("/api/login", () => granted("ana")));
  await session.signIn("a@b.c", "secret");
  const ended = vi.fn();
  session.onSessionEnd(ended);
  const otherTab = new BroadcastChannel("clinic.session");
  otherTab.postMessage("ana");
  otherTab.postMessage("lucia");
  await vi.waitFor(() => expect(ended.mock.calls).toEqual([["replaced"]]));
  otherTab.close();
});

test("the same person's new token is taken", async () => {
  server.use(
    http.post("/api/login", () => granted("ana")),
    http.post("/api/token/refresh", () => granted("ana")),
  );
  await session.signIn("a@b.c", "secret");
  expect(await session.refreshSession()).toBe(tokenOf("ana"));
});

test("the token is kept nowhere but in memory", async () => {
  serve();
  await session.signIn("a@b.c", "secret");
  expect(JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie).not.toContain("token-0");
});

test("every request carries the language and starts a trace of its own", async () => {
  const seen: Headers[] = [];
  serve();
  await session.signIn("a@b.c", "secret");
  server.events.on("request:start", ({ request }) => seen.push(request.headers));
  await api.get("/patients");
  await api.get("/patients");
  server.events.removeAllListeners();
  const traces = seen.map((headers) => headers.get("traceparent"));
  expect(seen.map((headers) => headers.get("X-App-Locale"))).toEqual(["en", "en"]);
  for (const trace of traces) expect(trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(new Set(traces).size).toBe(2);
});
