import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packagePlace, place } from "../../src/tensorflow/place.mjs";
import { lockedPackages } from "./locked-packages.mjs";
import { root } from "./paths.mjs";

const folder = join(root, place);

/** TensorFlow.js, as scripts/setup/tensorflow locks it. */
export const tensorflowPackages = lockedPackages({
  name: "TensorFlow.js packages",
  lock: "tensorflow",
  place,
  packagePlace,
});

/** Takes them away where there is no TensorFlow any more. @type {import("./step.mjs").Step} */
export const noTensorflowPackages = {
  name: "TensorFlow.js packages",
  done: () => !existsSync(folder),
  async run() {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    return "removed";
  },
};
