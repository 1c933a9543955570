import { endingSignals, exitCodeOf } from "../runtime/ending-signals.mjs";
import { outliveOutput } from "../runtime/lost-output.mjs";
import { endWith, endWithUncaught } from "../runtime/say.ts";

/**
 * Runs what a person has called: an error they can mend is printed with its remedy and sets exit code 1; a bug keeps its stack.
 * @param name stands before the error's message. @param main may return the exit code.
 */
export async function runScript(name: string | undefined, main: () => Promise<number | undefined>): Promise<void> {
  outliveOutput();
  endWithUncaught(name);
  for (const signal of endingSignals) process.once(signal, () => process.exit(exitCodeOf(signal))); // what is half written is removed on exit
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (thrown) {
    endWith(thrown, name);
  }
}
