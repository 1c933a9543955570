import { endWith } from "../runtime/say.ts";

/**
 * Runs what a person has called: an error they can mend is printed with its remedy and sets exit code 1; a bug keeps its stack.
 * @param name stands before the error's message. @param main may return the exit code.
 */
export async function runScript(name: string | undefined, main: () => Promise<number | undefined>): Promise<void> {
  process.once("SIGINT", () => process.exit(130)); // what is half written is removed on exit
  process.once("SIGTERM", () => process.exit(143));
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (thrown) {
    endWith(thrown, name);
  }
}
