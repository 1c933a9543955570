/**
 * The options of a test that needs something of the machine: it is skipped where that is missing. Continuous integration has it all, so
 * that with CI or POISON_MIRROR set (.ci/run sets the latter) nothing is skipped: there the test's file fails, and says for want of what.
 * @param found what is needed, or nothing.
 * @param missing what a person reads where the test is skipped, with the remedy.
 */
export function needs(found: unknown, missing: string, env: NodeJS.ProcessEnv = process.env): { skip: string | false } {
  if (found) return { skip: false };
  if (env.CI || env.POISON_MIRROR) throw new Error(`${missing}. With CI or POISON_MIRROR set, no test is skipped.`);
  return { skip: missing };
}

/** The options of a test of what happens where something is not, or cannot be had: where it is, there is nothing to test. */
export const unless = (found: boolean, has: string): { skip: string | false } => ({ skip: found && has });
