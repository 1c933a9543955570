/** The code of a server whose version is not supported. */
export const UNSUPPORTED = "UNSUPPORTED_VERSION";

/** The code of a server that said yes and has not done it. */
export const NOT_KEPT = "NOT_KEPT";

/** A request that MLflow did not answer as hoped. Its message shows no secret. */
export class MlflowError extends Error {
  /** HTTP status; nothing when there was no answer. */
  readonly status: number | undefined;
  /** MLflow's own code, e.g. `RESOURCE_DOES_NOT_EXIST`. */
  readonly code: string | undefined;

  /** Milliseconds after which the server wants to be asked again. */
  readonly wait_ms: number | undefined;

  constructor(
    message: string,
    facts: { status?: number; code?: string | undefined; wait_ms?: number | undefined; cause?: unknown },
  ) {
    super(message, { cause: facts.cause });
    this.name = "MlflowError";
    this.status = facts.status;
    this.code = facts.code;
    this.wait_ms = facts.wait_ms;
  }

  /** Whether it concerns all that may be asked of this server: it is away, lets nobody in, or is too old. */
  get ofServer(): boolean {
    return this.status === undefined || [401, 403].includes(this.status) || this.code === UNSUPPORTED;
  }

  /** Whether the server knows no such request: MLflow names what it does not find, here there is nobody to name it. */
  get unknownEndpoint(): boolean {
    return (
      [404, 405, 501].includes(this.status ?? 0) && (this.code === undefined || this.code === "ENDPOINT_NOT_FOUND")
    );
  }

  /** Whether the same request may do better a little later: no answer, 408, 429 or a fault of the server. */
  get transient(): boolean {
    return this.status === undefined || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}
