import { canvas } from "../setup/canvas.mjs";
import { chooseFlavor } from "../setup/flavor.mjs";
import { nodePackages } from "../setup/node-packages.mjs";
import { activated, program } from "../setup/paths.mjs";
import { pythonEnvironment, pythonStamp } from "../setup/python-environment.mjs";
import { attempt, lastLines } from "../setup/run.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

const remedy = "npm run setup";

/** What is installed, and whether it starts. @returns {Promise<Finding[]>} */
export async function examinePackages() {
  const flavor = await chooseFlavor({ before: pythonStamp() });
  const findings = await Promise.all([
    examineStep(pythonEnvironment(flavor)),
    version("npm", "npm", ["--version"], "npm comes with Node: install Node again"),
    version("Python", program("python"), ["--version"]),
    version("DVC", program("dvc"), ["--version"]),
    version("MLflow", program("python"), ["-Ic", "from importlib.metadata import version; print(version('mlflow'))"]),
    examineStep(nodePackages()),
    examineStep(canvas),
    version("node-canvas", process.execPath, [
      "-p",
      "const c = require('canvas'); c.version + ', Cairo ' + c.cairoVersion",
    ]),
    version("sharp", process.execPath, [
      "-p",
      "const { versions: v } = require('sharp'); v.sharp + ', libvips ' + v.vips",
    ]),
  ]);
  return findings.flat();
}

/** A step of the set-up is worth a line only when it is not done. @param {import("../setup/step.mjs").Step} step @returns {Promise<Finding[]>} */
async function examineStep(step) {
  return (await step.done()) ? [] : [{ label: step.name, text: "not, or not completely, set up", fatal: true, remedy }];
}

/**
 * @param {string} label
 * @param {string} command that prints the version
 * @param {string[]} args
 * @returns {Promise<Finding>}
 */
async function version(label, command, args, cure = remedy) {
  const { ok, stdout, output } = await attempt(command, args, { env: activated(), timeout_s: 20 });
  if (ok) return { label, text: lastLines(stdout, 1).replace(/^Python /, "") };
  return { label, text: `does not start: ${lastLines(output, 1)}`, fatal: true, remedy: cure };
}
