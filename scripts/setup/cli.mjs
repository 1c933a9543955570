import { constants } from "node:os";
import { printable } from "../../src/runtime/printable.mjs";
import { endingSignals } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * Runs a script's `main` and turns its outcome into the exit code: the number that it returns (default 0), 1 for a
 * {@link SetupError}, whose message and hint are printed. Anything else is a bug and keeps its stack.
 *
 * @param {() => Promise<number | void>} main
 */
export async function cli(main) {
  // Exiting, rather than dying of the signal, takes the child processes along.
  for (const signal of endingSignals) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(printable(`\nerror: ${error.message}`));
    if (error.hint) console.error(printable(`hint: ${error.hint}`));
    process.exitCode = 1;
  }
}
