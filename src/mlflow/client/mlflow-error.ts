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

  /** Whether the same request may do better a little later: no answer, 408, 429 or a fault of the server. */
  get transient(): boolean {
    return this.status === undefined || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}
