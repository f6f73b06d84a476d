/** The one HTTP client: bearer token, language, trace, one silent refresh on 401, problems instead of axios errors. */
import axios, { type AxiosError, type AxiosRequestConfig, type InternalAxiosRequestConfig } from "axios";
import { requestHeaders } from "./headers";
import { asProblem } from "./problem";
import { accessToken, refreshSession } from "./session";

type Attempt = InternalAxiosRequestConfig & { refreshed?: boolean };

const client = axios.create({ baseURL: "/api", timeout: 30_000 });

client.interceptors.request.use((request) => {
  for (const [name, value] of Object.entries(requestHeaders())) request.headers.set(name, value);
  const token = accessToken();
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  return request;
});

client.interceptors.response.use(undefined, async (error: AxiosError) => {
  const attempt = error.config as Attempt | undefined;
  if (error.response?.status === 401 && attempt && !attempt.refreshed) {
    attempt.refreshed = true;
    if (await refreshSession()) return client.request(attempt);
  }
  throw asProblem(error);
});

export async function get<T>(url: string, params?: object, signal?: AbortSignal): Promise<T> {
  const config: AxiosRequestConfig = { params };
  if (signal) config.signal = signal;
  return (await client.get<T>(url, config)).data;
}

/** Creates; the key makes a repeated send of the same filling answer the first result. */
export async function create<T>(
  url: string,
  body: object,
  idempotencyKey: string,
  etag?: string,
): Promise<T> {
  const headers = { "Idempotency-Key": idempotencyKey, ...(etag && { "If-Match": etag }) };
  return (await client.post<T>(url, body, { headers })).data;
}

/** Asks with a body; nothing is changed by it. */
export async function ask<T>(url: string, body: object, signal?: AbortSignal): Promise<T> {
  return (await client.post<T>(url, body, signal ? { signal } : {})).data;
}

export async function remove<T = void>(url: string, etag?: string, params?: object): Promise<T> {
  return (await client.delete<T>(url, { params, headers: etag ? { "If-Match": etag } : {} })).data;
}

export async function replace<T>(url: string, body: object, etag?: string): Promise<T> {
  return (await client.put<T>(url, body, { headers: etag ? { "If-Match": etag } : {} })).data;
}

export async function merge<T>(url: string, body: object, etag?: string): Promise<T> {
  const headers = etag ? { "If-Match": etag } : {};
  return (await client.patch<T>(url, body, { headers })).data;
}

/** How a long answer is watched and given up. */
export interface Arrival {
  signal: AbortSignal;
  onBytes: (received: number) => void;
}

const LONG_ANSWER_MS = 600_000;

export async function download(url: string, params: object, arrival?: Arrival): Promise<Blob> {
  const watched: AxiosRequestConfig = arrival
    ? {
        signal: arrival.signal,
        timeout: LONG_ANSWER_MS,
        onDownloadProgress: ({ loaded }) => arrival.onBytes(loaded),
      }
    : {};
  return (await client.get<Blob>(url, { params, responseType: "blob", ...watched })).data;
}
