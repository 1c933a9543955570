import { constants } from "node:os";

/** What asks a program to end: Ctrl-C, `kill`, a terminal that is closed. */
export const endingSignals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** The exit code of a program that a signal has ended, as shells have it. @param {NodeJS.Signals} signal */
export const exitCodeOf = (signal) => 128 + constants.signals[signal];
