import { availableParallelism } from "node:os";
import { StageError } from "./errors.ts";

/** Threads that compute a network: `POISON_THREADS`, by default all cores that this process may use. They change no byte. @throws StageError */
export function wantedThreads(set = process.env.POISON_THREADS): number {
  if (!set) return availableParallelism();
  if (/^[1-9]\d{0,3}$/.test(set)) return Number(set);
  throw new StageError(`POISON_THREADS is "${set}"; it must be a whole number, at least 1.`, {
    hint: "Unset it to use all cores.",
  });
}
