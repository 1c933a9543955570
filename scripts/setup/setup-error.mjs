/** What a person can mend: the message says what is wrong, the hint is a command or an edit. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {{hint?: string | undefined, cause?: unknown}} [options]
   */
  constructor(message, { hint, cause } = {}) {
    super(message, { cause });
    this.name = "SetupError";
    this.hint = hint;
  }
}
