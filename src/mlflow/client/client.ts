import { z } from "zod";
import { withoutSecrets } from "../../runtime/address.mjs";
import { parseJson } from "../../runtime/parse-json.ts";
import type { Address } from "./address.ts";
import { MlflowError } from "./mlflow-error.ts";
import { retry } from "./retry.ts";
import { readVersion } from "./version.mjs";

/** What a server says that it is. */
export interface Version {
  /** All of it: `2.22.1`. */
  text: string;
  /** Whether stages log to it: from 2.14 on. */
  supported: boolean;
  /** Whether a model is a thing of its own there, from 3 on; else its files lie in its run. */
  loggedModels: boolean;
}

/** MLflow's REST interface, version 2.0: https://mlflow.org/docs/latest/rest-api.html */
export interface Client {
  /** The server's address, without credentials. */
  base: string;
  /**
   * The server's version, asked for once. Nothing when it tells none: it is another implementation of MLflow's interface, or a proxy lets
   * nobody ask.
   */
  version(): Promise<Version | undefined>;
  /** Asks. @param endpoint after `api/2.0/mlflow/`. @param answer what is needed of the answer. */
  get<T>(endpoint: string, query: Record<string, string>, answer: z.ZodType<T>): Promise<T>;
  /** Tells. @param endpoint after `api/2.0/mlflow/`. @param body what becomes its JSON. */
  send(method: "POST" | "PATCH", endpoint: string, body: unknown): Promise<unknown>;
  /** Tells. @param answer what is needed of the answer. */
  send<T>(method: "POST" | "PATCH", endpoint: string, body: unknown, answer: z.ZodType<T>): Promise<T>;
  /** Stores a file in the server's artifact store. @param path segments after `mlflow-artifacts/artifacts/`. */
  upload(path: string, bytes: Uint8Array): Promise<void>;
}

/** How requests are sent. */
export interface ClientOptions {
  /** Seconds until an answer must have come whole; an upload has one more per megabyte. Default 5. */
  timeout_s?: number;
  /** What sends them. Default: Node's own. */
  fetch?: typeof fetch;
  /** Ends all requests. */
  signal?: AbortSignal;
}

/** @throws MlflowError from each call, also when the answer is not MLflow's. */
export function createClient(address: Address, options: ClientOptions = {}): Client {
  const { timeout_s = 5, fetch: send = fetch } = options;
  const headers = { "content-type": "application/json", ...authorize(address) };
  let version: Promise<Version | undefined> | undefined;

  /** Asks again when the server says that it cannot just now. Without an answer it may have done what it was asked: no again. */
  async function request<T>(schema: z.ZodType<T>, ...what: Parameters<typeof once>): Promise<T> {
    const answer = await retry(
      () => once(...what),
      ({ transient, status }) => transient && status !== undefined,
    );
    const result = schema.safeParse(answer);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw new MlflowError(
      shown(`${what[0]} ${what[1].replace(/\?.*/, "")}: the answer is not MLflow's (${issue?.path.join(".")})`),
      { status: 200 },
    );
  }

  /** One request and its answer, whatever it is. @param path after the address. @throws MlflowError when there is none. */
  async function exchange(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>) {
    const limit_ms = Math.ceil(1000 * timeout_s + (typeof body === "object" ? body.length / 1000 : 0));
    const limit = AbortSignal.timeout(limit_ms);
    const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
    try {
      // A redirect would turn POST into GET; the address is to be corrected instead.
      const init = { method, headers, signal, redirect: "manual" as const, ...(body !== undefined && { body }) };
      const response = await send(`${address.base}/${path}`, init);
      return { response, text: await response.text() };
    } catch (cause) {
      const why = limit.aborted ? `no answer within ${limit_ms / 1000} s` : reason(cause);
      const message = shown(`${method} ${path.replace(/^api\/2\.0\/|\?.*/g, "")}: ${why}`);
      throw new MlflowError(message, { cause: limit.aborted ? undefined : cause });
    }
  }

  async function once(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>): Promise<unknown> {
    const what = `${method} ${path.replace(/\?.*/, "")}`;
    const { response, text } = await exchange(method, `api/2.0/${path}`, body);
    const { status } = response;
    if (status >= 300 && status < 400) {
      const target = response.headers.get("location") ?? "another address";
      throw new MlflowError(shown(`${what}: the server redirects to ${target}`), { status });
    }
    if (!response.ok) {
      const { error_code: code, message = "" } = parseJson(refusal, text) ?? {};
      const wait_ms = 1000 * Number(response.headers.get("retry-after") ?? Number.NaN) || undefined;
      const why = `${what}: ${status} ${response.statusText} ${withoutSql(message)}`.trim();
      throw new MlflowError(shown(why), { status, code, wait_ms });
    }
    // MLflow says {} where it has nothing to say, but for an upload: what is silent, or a page for people, has not done what it was asked.
    const silent = text === "" && method === "PUT";
    const answer = silent ? {} : parseJson(z.record(z.string(), z.unknown()), text);
    if (answer === undefined) throw new MlflowError(`${what}: the answer is not MLflow's (no JSON)`, { status });
    return answer;
  }

  /** Whoever is not let in is not asked again: that would lock the account. */
  async function askVersion(): Promise<Version | undefined> {
    const { response, text } = await exchange("GET", "version");
    if (response.ok) return readVersion(text);
    if (response.status !== 401) return undefined;
    throw new MlflowError(`GET version: 401 ${response.statusText}`, { status: 401 });
  }

  const shown = (message: string) =>
    address.secrets.reduce((text, secret) => text.replaceAll(secret, "***"), withoutSecrets(message));

  return {
    base: address.base,
    version() {
      version ??= askVersion().catch((error) => {
        version = undefined;
        throw error;
      });
      return version;
    },
    get: (endpoint, query, answer) => request(answer, "GET", `mlflow/${endpoint}?${new URLSearchParams(query)}`),
    send: <T>(method: string, endpoint: string, body: unknown, answer?: z.ZodType<T>) =>
      request(answer ?? (z.unknown() as z.ZodType<T>), method, `mlflow/${endpoint}`, JSON.stringify(body)),
    async upload(path, bytes) {
      const encoded = path.split("/").map(encodeURIComponent).join("/");
      await request(z.unknown(), "PUT", `mlflow-artifacts/artifacts/${encoded}`, bytes as Uint8Array<ArrayBuffer>);
    },
  };
}

const authorize = ({ authorization }: Address) => (authorization ? { authorization } : undefined);

/** What MLflow says when it does not do what it was asked. */
const refusal = z.object({ error_code: z.string().optional(), message: z.string().optional() });

/** What a server's database said, without the statement it was asked to run: `[SQL: INSERT …] [parameters: …]`. */
const withoutSql = (message: string): string =>
  message.replace(/\s*\[SQL:.*/s, "").replace(/\((?:\w+\.)*(\w+Error)\)/, "the server's database refuses it, $1:");

/** `fetch` hides what happened in `cause`; a request that was ended says it itself. */
function reason(error: unknown): string {
  const { cause, message } = error as Error;
  const { code = "", message: detail } = (cause ?? {}) as NodeJS.ErrnoException;
  const known = /CERT|SIGNATURE/.test(code) ? " (NODE_EXTRA_CA_CERTS=FILE makes a certificate known)" : "";
  return `${code || detail || message}${known}`;
}
