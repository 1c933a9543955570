import { canvas } from "./canvas.mjs";
import { chromium } from "./chromium.mjs";
import { nodePackages } from "./node-packages.mjs";
import { pythonEnvironment } from "./python-environment.mjs";
import { SetupError } from "./setup-error.mjs";
import { runSteps } from "./step.mjs";
import { tensorflowAddon } from "./tensorflow-addon.mjs";
import { weights } from "./weights.mjs";

/** Steps that only the tests need. @type {import("./step.mjs").Step[]} */
const forTests = [chromium];

/**
 * Makes this folder ready to run: what is already done is left alone, what is missing or half done is done.
 *
 * @param {object} [options]
 * @param {import("./flavor.mjs").Flavor} [options.flavor] of TensorFlow; default: the one asked for before, else by the machine
 * @param {boolean} [options.pipeline] also what only a run of the pipeline needs: the weights
 * @param {boolean} [options.test] also what only the tests need
 * @returns {Promise<string[]>} the steps that there was something to do for
 */
export async function setup({ flavor, pipeline = false, test = false } = {}) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 10)) {
    throw new SetupError(`This is Node ${process.versions.node}; the project needs 20.10 or newer.`, {
      hint: "install a current Node: https://nodejs.org",
    });
  }
  const steps = [pythonEnvironment(flavor), nodePackages, tensorflowAddon, canvas];
  return runSteps([...steps, ...(pipeline ? [weights] : []), ...(test ? forTests : [])]);
}
