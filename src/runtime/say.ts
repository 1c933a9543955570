import type { StageError } from "./errors.ts";
import { printable } from "./printable.mjs";

/*
 * The one place where messages for people leave a program. What strangers have named or answered may stand in any of them, so all are
 * made printable here, once.
 */

/** Prints a message on standard output. */
export const say = (text: string): void => console.log(printable(text));

/** Prints a warning on standard error. */
export const warn = (text: string): void => console.warn(printable(text));

/** Prints an error that the user can mend, and its remedy, on standard error. @param name of the program, if it is to stand before it. */
export function sayError({ message, hint }: StageError, name?: string): void {
  warn(name === undefined ? message : `${name}: ${message}`);
  if (hint) warn(`  → ${hint}`);
}

/** Makes the stack of a bug, and of its causes, printable: Node prints it when nobody has caught the error. @returns the error. */
export function printableBug(thrown: unknown): unknown {
  const seen = new Set<unknown>();
  for (let error = thrown; error instanceof Error && !seen.has(error); error = error.cause) {
    seen.add(error);
    if (error.stack !== undefined) error.stack = printable(error.stack);
  }
  return thrown;
}
