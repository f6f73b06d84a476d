/** What went wrong with a request, as RFC 9457 problem details or as the missing network. */
import { type AxiosError, isAxiosError } from "axios";

export interface Violation {
  propertyPath: string;
  message: string;
  code: string;
}

interface ProblemDetails {
  type?: string;
  title?: string;
  detail?: string;
  violations?: Violation[];
}

export class Problem extends Error {
  /** 0 when no answer came at all. */
  readonly status: number;
  /** The last part of the problem's type: `appointment-overlaps`. */
  readonly code: string;
  readonly violations: readonly Violation[];
  /** Seconds, from Retry-After. */
  readonly retryAfter: number | null;
  private readonly members: Record<string, unknown>;

  constructor(
    status: number,
    details: ProblemDetails & Record<string, unknown>,
    retryAfter: number | null = null,
  ) {
    super(details.detail || details.title || "");
    this.name = "Problem";
    this.status = status;
    this.code = details.type?.split("/").pop() ?? "";
    this.violations = details.violations ?? [];
    this.retryAfter = retryAfter;
    this.members = details;
  }

  /** An extension member of the problem, such as the `conflict` of an overlap. */
  member<T>(name: string): T | undefined {
    return this.members[name] as T | undefined;
  }

  /** False when the outcome is unknown (no answer, or a part was down), so that the same request may be sent again. */
  get isDefinite(): boolean {
    return this.status >= 400 && this.status < 500;
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isAxiosError(error)) return fromAxios(error);
  return new Problem(0, { detail: error instanceof Error ? error.message : String(error) });
}

function fromAxios(error: AxiosError): Problem {
  if (!error.response) return new Problem(0, {});
  const { status, data, headers } = error.response;
  const wait = Number.parseInt(String(headers["retry-after"] ?? ""), 10);
  const details = data && typeof data === "object" && !(data instanceof Blob) ? (data as ProblemDetails) : {};
  return new Problem(status, { ...details }, Number.isNaN(wait) ? null : wait);
}
