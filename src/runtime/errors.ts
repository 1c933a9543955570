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

const SYSTEM_ERRORS: Record<string, string> = {
  ENOSPC: "No space is left on the disk",
  EDQUOT: "The disk quota is used up",
  EACCES: "Permission was refused",
  EROFS: "The file system is read-only",
};

/** Turns an operating-system error that a user can mend (disk full, permission) into a {@link StageError}; others pass through. */
export function explainSystemError(error: unknown): unknown {
  const { code, path, message } = error as NodeJS.ErrnoException;
  const reason = code === undefined ? undefined : SYSTEM_ERRORS[code];
  if (error instanceof StageError || reason === undefined) return error;
  return new StageError(`${reason}: ${path ?? message}.`, {
    hint:
      code === "ENOSPC" || code === "EDQUOT"
        ? "Free some space (`dvc gc -w` drops unused cache) and run again."
        : "Check who owns the folder, then run again.",
    cause: error,
  });
}
