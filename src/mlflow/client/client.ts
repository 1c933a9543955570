import { withoutSecrets } from "../../runtime/address.mjs";
import type { Address } from "./address.ts";
import { MlflowError } from "./mlflow-error.ts";

/** MLflow's REST interface, version 2.0: https://mlflow.org/docs/latest/rest-api.html */
export interface Client {
  base: string;
  get<T>(endpoint: string, query: Record<string, string>): Promise<T>;
  send<T>(method: "POST" | "PATCH", endpoint: string, body: unknown): Promise<T>;
  /** Stores a file in the server's artifact store. @param path segments after `mlflow-artifacts/artifacts/`. */
  upload(path: string, bytes: Uint8Array): Promise<void>;
}

export interface ClientOptions {
  /** Seconds until an answer must have come whole; an upload has one more per megabyte. Default 5. */
  timeout_s?: number;
  fetch?: typeof fetch;
  /** Ends all requests. */
  signal?: AbortSignal;
}

const ATTEMPTS = 3;
/** Before the second attempt; twice as long before the third. */
const FIRST_WAIT_MS = 400;
/** A server that asks for more patience than this is treated as absent. */
const LONGEST_WAIT_MS = 5000;

/** @throws MlflowError from each call, also when the answer is not MLflow's. */
export function createClient(address: Address, options: ClientOptions = {}): Client {
  const { timeout_s = 5, fetch: send = fetch } = options;
  const headers = { "content-type": "application/json", ...authorize(address) };

  /** Asks again when the server says that it cannot just now. Without an answer it may have done what it was asked: no again. */
  async function request<T>(...what: Parameters<typeof once>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await once(...what)) as T;
      } catch (error) {
        const { transient, status, wait_ms = 0 } = error as MlflowError;
        if (!transient || status === undefined || attempt === ATTEMPTS || wait_ms > LONGEST_WAIT_MS) throw error;
        await pause(Math.max(wait_ms, FIRST_WAIT_MS * 2 ** (attempt - 1)));
      }
    }
  }

  async function once(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>): Promise<unknown> {
    const what = `${method} ${path.replace(/\?.*/, "")}`;
    const limit_ms = Math.ceil(1000 * timeout_s + (typeof body === "object" ? body.length / 1000 : 0));
    const limit = AbortSignal.timeout(limit_ms);
    const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
    let response: Response;
    let text: string;
    try {
      // A redirect would turn POST into GET; the address is to be corrected instead.
      const init = { method, headers, signal, redirect: "manual" as const, ...(body !== undefined && { body }) };
      response = await send(`${address.base}/api/2.0/${path}`, init);
      text = await response.text();
    } catch (cause) {
      const why = limit.aborted ? `no answer within ${limit_ms / 1000} s` : reason(cause);
      throw new MlflowError(shown(`${what}: ${why}`), { cause: limit.aborted ? undefined : cause });
    }
    const { status } = response;
    if (status >= 300 && status < 400) {
      const target = response.headers.get("location") ?? "another address";
      throw new MlflowError(shown(`${what}: the server redirects to ${target}`), { status });
    }
    const answer = parsed(text);
    if (!response.ok) {
      const { error_code: code, message = "" } = answer ?? {};
      const wait_ms = 1000 * Number(response.headers.get("retry-after") ?? Number.NaN) || undefined;
      throw new MlflowError(shown(`${what}: ${status} ${response.statusText} ${message}`.trim()), {
        status,
        code,
        wait_ms,
      });
    }
    if (answer === undefined) throw new MlflowError(`${what}: the answer is not MLflow's (no JSON)`, { status });
    return answer;
  }
  const shown = (message: string) =>
    address.secrets.reduce((text, secret) => text.replaceAll(secret, "***"), withoutSecrets(message));

  return {
    base: address.base,
    get: (endpoint, query) => request("GET", `mlflow/${endpoint}?${new URLSearchParams(query)}`),
    send: (method, endpoint, body) => request(method, `mlflow/${endpoint}`, JSON.stringify(body)),
    async upload(path, bytes) {
      const encoded = path.split("/").map(encodeURIComponent).join("/");
      await request("PUT", `mlflow-artifacts/artifacts/${encoded}`, bytes as Uint8Array<ArrayBuffer>);
    },
  };
}

/** Waits, up to half as long again: many runs that met the same fault don't return at once. */
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms * (1 + Math.random() / 2)));

const authorize = ({ authorization }: Address) => (authorization ? { authorization } : undefined);

function parsed(text: string): { error_code?: string; message?: string } | undefined {
  try {
    const value = JSON.parse(text || "{}");
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `fetch` hides what happened in `cause`; a request that was ended says it itself. */
function reason(error: unknown): string {
  const { cause, message } = error as Error;
  const { code = "", message: detail } = (cause ?? {}) as NodeJS.ErrnoException;
  const known = /CERT|SIGNATURE/.test(code) ? " (NODE_EXTRA_CA_CERTS=FILE makes a certificate known)" : "";
  return `${code || detail || message}${known}`;
}
