import { findInstalled } from "../runtime/find-installed.mjs";

/*
 * What the set-up, which installs node-canvas and compiles its addon, and the plots, which load it, must agree on. Plain JavaScript:
 * the set-up runs before there is anything that could run TypeScript.
 */

/** Where node-canvas is installed in a project's folder: in node_modules of its own. stages.lock.json spells it like this. */
export const place = ".dvc-poison/canvas";

/** The package, in a project's folder. */
export const packagePlace = `${place}/node_modules/canvas`;

/** The addon, compiled here, in a project's folder. */
export const addonPlace = `${packagePlace}/build/Release/canvas.node`;

/** Any of these places in this project, if it is there. @param {string} place */
export const find = findInstalled;
