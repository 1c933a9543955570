import { explainSystem, isShortage } from "./system-error.mjs";

/**
 * Something the user can mend: a bad value, a missing file, no network. Bugs are plain errors and keep their stack.
 * The message names the file, the key, the value and the limit; the hint is a command to type or an edit to make.
 */
export class StageError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "StageError";
    this.hint = options.hint;
  }
}

/** Turns an error of the operating system (disk full, permission, a limit), or one behind another, into a {@link StageError}; others pass through. */
export function explainSystemError(error: unknown): unknown {
  if (error instanceof StageError) return error;
  const stage = behind(error);
  if (stage) return stage;
  const explained = explainSystem(error);
  return explained ? new StageError(explained.message, { hint: explained.hint, cause: error }) : error;
}

/**
 * Passes an error of the operating system on in words, before somebody blames a file for it: too many open files, no memory, no threads.
 * @param file what was worked on: then also what concerns it, but not what is in it (permissions, the disk, a folder in its place). That it
 *   is not there the caller says, who knows what writes it.
 * @throws StageError if it is one.
 */
export function throwSystemError(error: unknown, file?: string): void {
  const isMissing = (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
  if ((file === undefined || isMissing) && !isShortage(error)) return;
  const explained = explainSystem(error, file);
  if (explained) throw new StageError(explained.message, { hint: explained.hint, cause: error });
}

/** Of two errors, of which one came while the other was tidied up, the first one. */
function behind(error: unknown): StageError | undefined {
  const { suppressed } = (error ?? {}) as { suppressed?: unknown };
  return suppressed instanceof StageError ? suppressed : undefined;
}
