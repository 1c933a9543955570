import { commandLine } from "../../src/runtime/installation.mjs";
import { activated } from "../setup/paths.mjs";
import { attempt, lastLines } from "../setup/run.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

/** What mends most that is not installed. */
export const remedy = commandLine("setup");

/** A step of the set-up is worth a line only when it is not done. @param {import("../setup/step.mjs").Step} step @returns {Promise<Finding[]>} */
export async function examineStep(step) {
  return (await step.done()) ? [] : [{ label: step.name, text: "not, or not completely, set up", fatal: true, remedy }];
}

/**
 * The version that a program prints.
 *
 * @param {string} label
 * @param {string} command that prints the version
 * @param {string[]} args
 * @returns {Promise<Finding>}
 */
export async function version(label, command, args, cure = remedy) {
  const { ok, stdout, output } = await attempt(command, args, { env: activated(), timeout_s: 20 });
  if (ok) return { label, text: lastLines(stdout, 1).replace(/^Python /, "") };
  return { label, text: `does not start: ${lastLines(output, 1)}`, fatal: true, remedy: cure };
}
