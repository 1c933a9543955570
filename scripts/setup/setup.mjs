import { canvas } from "./canvas.mjs";
import { chromium } from "./chromium.mjs";
import { convolutionAddon } from "./convolution-addon.mjs";
import { chooseFlavor } from "./flavor.mjs";
import { nodePackages } from "./node-packages.mjs";
import { hasTensorflowLibrary } from "./paths.mjs";
import { pythonEnvironment, pythonStamp } from "./python-environment.mjs";
import { SetupError } from "./setup-error.mjs";
import { runSteps } from "./step.mjs";
import { tensorflowAddon } from "./tensorflow-addon.mjs";
import { noTensorflowPackages, tensorflowPackages } from "./tensorflow-packages.mjs";
import { weights } from "./weights.mjs";

/**
 * @typedef {object} Purpose
 * @property {import("./flavor.mjs").Flavor | undefined} [asked] the TensorFlow that is asked for; default: the one asked for before, else by the machine
 * @property {boolean} [pipeline] also what only a run of the pipeline needs: the weights
 * @property {boolean} [develop] also what only work on the project needs: its packages, and TensorFlow to compare with
 * @property {boolean} [test] also what only the tests need
 */

/**
 * Makes this folder ready to run: what is already done is left alone, what is missing or half done is done.
 *
 * @param {Purpose} [purpose]
 * @returns {Promise<string[]>} the steps that there was something to do for
 */
export async function setup(purpose = {}) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 10)) {
    throw new SetupError(`This is Node ${process.versions.node}; the project needs 20.10 or newer.`, {
      hint: "install a current Node: https://nodejs.org",
    });
  }
  return runSteps(() => chooseSteps(purpose));
}

/** @param {Purpose} purpose @returns {Promise<import("./step.mjs").Step[]>} */
async function chooseSteps({ asked, pipeline = false, develop = false, test = false }) {
  const chosen = await chooseFlavor({ asked, before: pythonStamp(), needed: develop ? "cpu" : "none" });
  if (develop && chosen.flavor === "none")
    throw new SetupError("Tests and benchmark compare with TensorFlow, and the set-up was asked to do without.", {
      hint: "npm run setup -- --cpu",
    });
  const tensorflow = chosen.flavor !== "none" && hasTensorflowLibrary;
  return [
    pythonEnvironment(chosen),
    nodePackages({ dev: develop }),
    canvas,
    convolutionAddon,
    ...(tensorflow ? [tensorflowPackages, tensorflowAddon] : [noTensorflowPackages]),
    ...(pipeline ? [weights] : []),
    ...(test ? [chromium] : []),
  ];
}
