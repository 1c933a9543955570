import { existsSync } from "node:fs";
import { installed } from "../../src/runtime/installation.mjs";
import { chooseFlavor } from "../setup/flavor.mjs";
import { hostDvc, OLDEST } from "../setup/host-dvc.mjs";
import { program, venv } from "../setup/paths.mjs";
import { pythonEnvironment, pythonStamp } from "../setup/python-environment.mjs";
import { examineStep, remedy, version } from "./examine.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

/** Python and what it brings: DVC and MLflow, of the set-up's environment or of the project's own. @returns {Promise<Finding[]>} */
export async function examinePython() {
  if (installed && !existsSync(venv)) return [await examineHostDvc()];
  const flavor = await chooseFlavor({ before: pythonStamp() });
  const mlflow = ["-Ic", "from importlib.metadata import version; print(version('mlflow'))"];
  const findings = await Promise.all([
    examineStep(pythonEnvironment(flavor)),
    version("Python", program("python"), ["--version"]),
    version("DVC", program("dvc"), ["--version"]),
    version("MLflow", program("python"), mlflow),
  ]);
  return findings.flat();
}

/** @returns {Promise<Finding>} */
async function examineHostDvc() {
  const dvc = await hostDvc({ mlflow: false });
  const label = "DVC";
  if (dvc?.fits) return { label, text: `${dvc.version}, the project's own` };
  const text = dvc ? `${dvc.version}; ${OLDEST} or newer, below 4, is supported` : "neither on the PATH nor in .venv";
  return { label, text, fatal: true, remedy: `${remedy} makes an environment with one` };
}
