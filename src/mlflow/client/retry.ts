import { MlflowError } from "./mlflow-error.ts";

const ATTEMPTS = 3;
/** Before the second attempt; twice as long before the third. */
const FIRST_WAIT_MS = 400;
/** A server that asks for more patience than this is treated as absent. */
const LONGEST_WAIT_MS = 5000;

/**
 * Does something again, up to three times in all, that failed for a reason which may pass: a single request when the server said that it
 * cannot just now, an event, which may be told twice where a request may not, when it said nothing at all.
 * @param passes whether this is such a reason. @throws the last error.
 */
export async function retry<T>(work: () => Promise<T>, passes: (error: MlflowError) => boolean): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof MlflowError) || !passes(error) || attempt === ATTEMPTS) throw error;
      const { wait_ms = 0 } = error;
      if (wait_ms > LONGEST_WAIT_MS) throw error;
      await pause(Math.max(wait_ms, FIRST_WAIT_MS * 2 ** (attempt - 1)));
    }
  }
}

/** Waits, up to half as long again: many runs that met the same fault don't return at once. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms * (1 + Math.random() / 2)));
