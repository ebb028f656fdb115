/** Every call of the page goes through here: same origin, JSON, no redirects, one shape of errors. */
import { boot } from "../boot/boot";
import { OtherVisitor, renewToken } from "../boot/renew";

interface ErrorBody {
  error?: {
    code?: string;
    message?: string;
    fields?: Record<string, string>;
    id?: string;
    nothing_happened?: boolean;
    changes?: unknown;
    changed?: unknown;
  };
}

/** A refused or failed call; `status` 0 means that no answer came. */
export class ApiError extends Error {
  readonly code: string;
  readonly fields: Record<string, string>;
  readonly id: string;
  readonly nothingHappened: boolean;
  readonly body: ErrorBody;

  constructor(
    readonly status: number,
    body: ErrorBody,
    readonly retryAfter: number | null = null,
  ) {
    super(body.error?.message ?? "");
    this.code = body.error?.code ?? (status === 0 ? "no-answer" : String(status));
    this.fields = body.error?.fields ?? {};
    this.id = body.error?.id ?? "";
    this.nothingHappened = body.error?.nothing_happened ?? false;
    this.body = body;
  }
}

interface CallOptions {
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** Call a route under `api/v1/` and return its JSON. Raises `ApiError`. */
export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  if (method !== "GET" && isTokenOld) await tryRenew();
  let response = await request(method, path, options);
  if (response.status === 403 && (await isXsrfRefusal(response)) && (await tryRenew())) {
    response = await request(method, path, options);
  }
  if (!response.ok) throw await errorOf(response);
  return (response.status === 204 ? null : await response.json()) as T;
}

/** After a 401 somebody has to sign in again, and with that comes another XSRF token. */
let isTokenOld = false;

/** Returns whether there is a new token. Raises if it is somebody else's. */
async function tryRenew(): Promise<boolean> {
  try {
    await renewToken();
    isTokenOld = false;
    return true;
  } catch (error) {
    if (error instanceof OtherVisitor) throw new ApiError(401, {});
    return false;
  }
}

async function isXsrfRefusal(response: Response): Promise<boolean> {
  const body = (await response
    .clone()
    .json()
    .catch(() => ({}))) as ErrorBody;
  return body.error?.code === "xsrf";
}

const kept = new Map<string, { etag: string; data: unknown }>();

/** GET with `If-None-Match`: an unchanged answer costs a 304 and returns what is kept. */
export async function getUnlessUnchanged<T>(path: string, signal?: AbortSignal): Promise<T> {
  const known = kept.get(path);
  const response = await request("GET", path, signal ? { signal } : {}, known?.etag);
  if (response.status === 304 && known) return known.data as T;
  if (!response.ok) throw await errorOf(response);
  const data = (await response.json()) as T;
  const etag = response.headers.get("ETag");
  kept.delete(path);
  if (etag) kept.set(path, { etag, data });
  if (kept.size > 20) kept.delete(kept.keys().next().value as string);
  return data;
}

/** GET of a route that answers text. Raises `ApiError`. */
export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await request("GET", path, signal ? { signal } : {});
  if (!response.ok) throw await errorOf(response);
  return response.text();
}

async function request(
  method: Method,
  path: string,
  { body, idempotencyKey, signal }: CallOptions,
  etag?: string,
): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-XSRFToken"] = boot.xsrf_token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (idempotencyKey) headers["Idempotency-Key"] = idempotencyKey;
  if (etag) headers["If-None-Match"] = etag;
  try {
    return await fetch(boot.api + path, {
      method,
      headers,
      credentials: "same-origin",
      redirect: "error",
      cache: "no-store",
      signal: signal ?? null,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, {});
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  if (response.status === 401) isTokenOld = true;
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const after = Number(response.headers.get("Retry-After"));
  const status = isFromHub(response, body) ? 502 : response.status;
  return new ApiError(status, body, Number.isFinite(after) && after > 0 ? after : null);
}

/** While the hub starts it answers under our address itself, as if there were no such page. */
function isFromHub({ status }: Response, { error }: ErrorBody): boolean {
  return error === undefined && [403, 404, 405].includes(status);
}

/** A fresh key for `Idempotency-Key`; `randomUUID` is missing on plain-HTTP hubs. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
