import { endingSignals, exitCodeOf } from "../../src/runtime/ending-signals.mjs";
import { outliveOutput } from "../../src/runtime/lost-output.mjs";
import { nodeFault } from "../../src/runtime/node-version.mjs";
import { printable } from "../../src/runtime/printable.mjs";
import { explainSystem } from "../../src/runtime/system-error.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * Runs a script's `main` and turns its outcome into the exit code: the number that it returns (default 0), 1 for a
 * {@link SetupError}, a Node that is too old, or an error of the system, whose message and hint are printed. Anything else is a bug and keeps its stack.
 *
 * @param {() => Promise<number | void>} main
 */
export async function cli(main) {
  outliveOutput();
  // Exiting, rather than dying of the signal, takes the child processes along.
  for (const signal of endingSignals) {
    process.once(signal, () => process.exit(exitCodeOf(signal)));
  }
  try {
    const fault = nodeFault();
    if (fault) throw new SetupError(fault.message, fault);
    process.exitCode = (await main()) ?? 0;
  } catch (thrown) {
    const error = thrown instanceof SetupError ? thrown : explainSystem(thrown);
    if (!error) throw thrown;
    console.error(printable(`\nerror: ${error.message}`));
    if (error.hint) console.error(printable(`hint: ${error.hint}`));
    process.exitCode = 1;
  }
}
