import { inspect } from "node:util";
import { explainSystemError, StageError } from "./errors.ts";
import { printable } from "./printable.mjs";

/*
 * The one place where messages for people leave a program. What strangers have named or answered may stand in any of them, so all are
 * made printable here, once.
 */

/** Prints a message on standard output. */
export const say = (text: string): void => console.log(printable(text));

/**
 * Prints what a program was called for on standard output. A reader that has heard enough is no error.
 * @throws the system's error when it cannot be written, on a full disk for one: it would be lost.
 */
export const hand = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(`${printable(text)}\n`, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== "EPIPE") reject(error);
      else resolve();
    });
  });

/** Prints a warning on standard error. */
export const warn = (text: string): void => console.warn(printable(text));

/**
 * The one place where an error ends a program: one that the user can mend is printed on standard error with its remedy, and the exit code
 * becomes 1.
 * @param name of the program, if it is to stand before it.
 * @throws what is a bug: it keeps its stack, made printable.
 */
export function endWith(thrown: unknown, name?: string): void {
  const error = explainSystemError(thrown);
  if (!(error instanceof StageError)) throw printableBug(error);
  warn(name === undefined ? error.message : `${name}: ${error.message}`);
  if (error.hint) warn(`  → ${error.hint}`);
  process.exitCode = 1;
}

/**
 * As {@link endWith}, for an error that nobody waits for: of a thread, a stream, or a bug. The program ends at once.
 * @param begin what is to be done before.
 */
export function endWithUncaught(name: string | undefined, begin: () => Promise<unknown> = async () => {}): void {
  process.once("uncaughtException", async (thrown) => {
    await begin().catch(() => {});
    try {
      endWith(thrown, name);
    } catch (bug) {
      console.error(printable(inspect(bug)));
    }
    process.exit(1);
  });
}

/** Makes the stack of a bug, and of its causes, printable: Node prints it when nobody has caught the error. @returns the error. */
function printableBug(thrown: unknown): unknown {
  const seen = new Set<unknown>();
  for (let error = thrown; error instanceof Error && !seen.has(error); error = error.cause) {
    seen.add(error);
    if (error.stack !== undefined) error.stack = printable(error.stack);
  }
  return thrown;
}
