import { withLock } from "./lock.mjs";
import { progress } from "./progress.mjs";
import { endPrograms } from "./run.mjs";

/**
 * @typedef {object} Step
 * @property {string} name begins the line that is printed
 * @property {string[]} [after] names of the steps that must be done before it begins; those that are not in the set-up are passed over
 * @property {() => boolean | Promise<boolean>} done checks in milliseconds whether there is nothing to do
 * @property {(say: (text: string) => void) => Promise<string>} run does it and returns what was done
 */

/**
 * Runs the steps that are not done, beside each other where none waits for another, and prints a line for each that ends: what,
 * how long. The first that fails ends the others.
 *
 * @param {() => Step[] | Promise<Step[]>} choose the steps, in an order in which they could run one by one; called again when another set-up of this folder has ended
 * @returns {Promise<string[]>} the names of the steps that ran, in the order in which they ended
 */
export async function runSteps(choose) {
  if (await allDone(await choose())) return [];
  return withLock(async () => runBeside(await choose()));
}

/** @param {Step[]} steps */
async function allDone(steps) {
  for (const step of steps) if (!(await step.done())) return false;
  return true;
}

/** @param {Step[]} steps */
async function runBeside(steps) {
  /** @type {string[]} */
  const ran = [];
  const lines = progress();
  /** @param {Step} step */
  const runStep = async (step) => {
    if (await step.done()) return;
    const start = performance.now();
    lines.begin(step.name);
    try {
      const what = await step.run((text) => lines.print(`${step.name}: ${text}`));
      lines.print(`${step.name}: ${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
      ran.push(step.name);
    } finally {
      lines.end(step.name);
    }
  };
  /** @type {Map<string, Promise<void>>} */
  const ends = new Map();
  for (const step of steps) {
    const before = (step.after ?? []).map((name) => ends.get(name));
    ends.set(
      step.name,
      Promise.all(before).then(() => runStep(step)),
    );
  }
  const all = [...ends.values()];
  try {
    await Promise.all(all);
  } catch (error) {
    await endPrograms(() => Promise.allSettled(all));
    throw error;
  }
  return ran;
}
