import { withLock } from "./lock.mjs";

/**
 * @typedef {object} Step
 * @property {string} name begins the line that is printed
 * @property {() => boolean | Promise<boolean>} done checks in milliseconds whether there is nothing to do
 * @property {(say: (text: string) => void) => Promise<string>} run does it and returns what was done
 */

/**
 * Runs the steps that are not done, in order, one line each: what, how long.
 *
 * @param {Step[]} steps
 * @returns {Promise<string[]>} the names of the steps that ran
 */
export async function runSteps(steps) {
  if (await allDone(steps)) return [];
  return withLock(async () => {
    const ran = [];
    for (const step of steps) {
      if (await step.done()) continue;
      process.stdout.write(`${step.name} … `);
      const start = performance.now();
      const what = await step.run((text) => process.stdout.write(`\n  ${text}\n  `));
      console.log(`${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
      ran.push(step.name);
    }
    return ran;
  });
}

/** @param {Step[]} steps */
async function allDone(steps) {
  for (const step of steps) if (!(await step.done())) return false;
  return true;
}
