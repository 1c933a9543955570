import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commandLine, installed } from "../../src/runtime/installation.mjs";
import { canvasAddon } from "./canvas-addon.mjs";
import { canvasPackages } from "./canvas-packages.mjs";
import { convolutionAddon } from "./convolution-addon.mjs";
import { chooseFlavor } from "./flavor.mjs";
import { hostDvc, OLDEST } from "./host-dvc.mjs";
import { hasTensorflowLibrary, root } from "./paths.mjs";
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
 * @property {boolean} [mlflow] also an MLflow server, which a project with a DVC of its own may lack
 * @property {boolean} [ray] also Ray, which distributes work over machines
 * @property {boolean} [test] also what only the tests need
 */

/**
 * Makes this folder ready to run: what is already done is left alone, what is missing or half done is done.
 *
 * @param {Purpose} [purpose]
 * @returns {Promise<string[]>} the steps that there was something to do for
 */
export async function setup(purpose = {}) {
  if (installed) keepOutOfGit();
  return runSteps(() => chooseSteps(purpose));
}

/** The folder of all that is made in a project keeps itself out of git, wherever the set-up was called. */
function keepOutOfGit() {
  const file = join(root, ".dvc-poison", ".gitignore");
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "*\n");
}

/** @param {Purpose} purpose @returns {Promise<import("./step.mjs").Step[]>} */
async function chooseSteps({ asked, pipeline = false, develop = false, mlflow = false, ray = false, test = false }) {
  const chosen = await chooseFlavor({ asked, before: pythonStamp(), needed: develop ? "cpu" : "none" });
  if (develop && chosen.flavor === "none")
    throw new SetupError("Tests and benchmark compare with TensorFlow, and the set-up was asked to do without.", {
      hint: commandLine("setup", "--cpu"),
    });
  const tensorflow = chosen.flavor !== "none" && hasTensorflowLibrary;
  return [
    ...((await needsPython(chosen.flavor, mlflow)) ? [pythonEnvironment(chosen)] : []),
    ...(installed ? [] : [(await import("./node-packages.mjs")).nodePackages]),
    canvasPackages,
    canvasAddon,
    convolutionAddon,
    ...(tensorflow ? [tensorflowPackages, tensorflowAddon] : [noTensorflowPackages]),
    ...(pipeline ? [weights] : []),
    ...(ray ? [(await import("./ray.mjs")).ray] : []),
    ...(test ? [(await import("./chromium.mjs")).chromium] : []),
  ];
}

/**
 * Whether a Python environment is to be made: always in the repository; in a project only for what it has not, a DVC that fits,
 * TensorFlow, or MLflow.
 *
 * @param {import("./flavor.mjs").Flavor} flavor
 * @param {boolean} mlflow
 */
async function needsPython(flavor, mlflow) {
  if (!installed || flavor !== "none") return true;
  const dvc = await hostDvc({ mlflow });
  if (dvc?.fits) return false;
  if (dvc && !mlflow)
    console.log(`DVC ${dvc.version} is not one of ${OLDEST} to 3: .dvc-poison/venv gets one that is.`);
  return true;
}
