import { createRequire } from "node:module";
import { join } from "node:path";
import { packagePlace } from "../../src/plots/canvas-place.mjs";
import { installed } from "../../src/runtime/installation.mjs";
import { canvasAddon } from "../setup/canvas-addon.mjs";
import { canvasPackages } from "../setup/canvas-packages.mjs";
import { ours, root } from "../setup/paths.mjs";
import { examineStep, version } from "./examine.mjs";
import { examinePython } from "./python.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

/** What is installed, and whether it starts. @returns {Promise<Finding[]>} */
export async function examinePackages() {
  const print = (/** @type {string} */ script, /** @type {string} */ module) => ["-p", script, module];
  const findings = await Promise.all([
    examinePython(),
    version("npm", "npm", ["--version"], "npm comes with Node: install Node again"),
    ...(installed ? [] : [examineStep((await import("../setup/node-packages.mjs")).nodePackages)]),
    examineStep(canvasPackages),
    examineStep(canvasAddon),
    version(
      "node-canvas",
      process.execPath,
      print("const c = require(process.argv[1]); c.version + ', Cairo ' + c.cairoVersion", join(root, packagePlace)),
    ),
    version(
      "sharp",
      process.execPath,
      print("const { versions: v } = require(process.argv[1]); v.sharp + ', libvips ' + v.vips", placeOfSharp()),
    ),
  ]);
  return findings.flat();
}

/** Where sharp lies, or its name where it is not installed. */
function placeOfSharp() {
  try {
    return createRequire(ours("package.json")).resolve("sharp");
  } catch {
    return "sharp";
  }
}
