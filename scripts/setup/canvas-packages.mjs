import { packagePlace, place } from "../../src/plots/canvas-place.mjs";
import { lockedPackages } from "./locked-packages.mjs";

/** node-canvas, as scripts/setup/canvas locks it. */
export const canvasPackages = lockedPackages({ name: "node-canvas packages", lock: "canvas", place, packagePlace });
