import { join } from "node:path";
import { findInstalled } from "../runtime/find-installed.mjs";
import { installed } from "../runtime/installation.mjs";

/*
 * What the set-up, which installs TensorFlow.js and compiles its addon, and the stages, which load it, must agree on. Plain JavaScript:
 * the set-up runs before there is anything that could run TypeScript.
 */

/** Where TensorFlow.js is installed in a project's folder: in node_modules of its own, for a CPU needs none of it. */
export const place = join(".dvc-poison", "tensorflow");

/** Its package for Node.js, which holds the sources of the addon, in a project's folder. */
export const packagePlace = join(place, "node_modules", "@tensorflow", "tfjs-node-gpu");

/** The addon, compiled here, in a project's folder. */
export const addonPlace = join(packagePlace, "lib", "napi-v8", "tfjs_binding.node");

/** What set-up wrote down about the Python environment, whose TensorFlow the addon is linked to, in a project's folder. */
export const stampPlace = installed ? join(".dvc-poison", "venv", "setup.json") : join(".venv", "setup.json");

/** Any of these places in this project, if it is there. @param {string} place */
export const find = findInstalled;
