import { MlflowError } from "../client/mlflow-error.ts";
import type { RunEvent } from "../record/events.ts";

/** What is the matter with the server or with who asks, and not with an event. */
const OF_ALL = [401, 403, 404, 408, 429];

/**
 * A delivery that passes over what a server refuses for itself (a param with another value, a name that it does not take): the rest of
 * the run is not to wait behind it for ever. The start is not passed over, for without it there is no run.
 * @param warn is told what was refused, and why.
 */
export function skipRefused(
  deliver: (event: RunEvent) => Promise<void>,
  warn: (text: string) => void,
): (event: RunEvent) => Promise<void> {
  return async (event) => {
    try {
      await deliver(event);
    } catch (error) {
      const { status } = error as MlflowError;
      const refused = error instanceof MlflowError && status !== undefined && status >= 400 && status < 500;
      if (!refused || event.type === "start" || OF_ALL.includes(status)) throw error;
      warn(`${event.type} refused: ${error.message}`);
    }
  };
}
