import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packagePlace, place } from "../../src/tensorflow/place.mjs";
import { npmCi } from "./npm.mjs";
import { root } from "./paths.mjs";
import { digest, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

const folder = join(root, place);
const stamp = join(folder, "setup.json");
const source = join(root, "scripts", "setup", "tensorflow");
const files = ["package.json", "package-lock.json"];

const inputs = () => digest(...files.map((file) => readFileSync(join(source, file), "utf8")));

/** TensorFlow.js, in a folder of its own, as scripts/setup/tensorflow locks it. @type {import("./step.mjs").Step} */
export const tensorflowPackages = {
  name: "TensorFlow.js packages",
  done: () => readStamp(stamp)?.inputs === inputs() && existsSync(join(root, packagePlace, "package.json")),
  async run() {
    removeStamp(stamp);
    mkdirSync(folder, { recursive: true });
    for (const file of files) copyFileSync(join(source, file), join(folder, file));
    await npmCi(folder);
    writeStamp(stamp, { inputs: inputs() });
    return "as locked";
  },
};

/** Takes them away where there is no TensorFlow any more. @type {import("./step.mjs").Step} */
export const noTensorflowPackages = {
  name: "TensorFlow.js packages",
  done: () => !existsSync(folder),
  async run() {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    return "removed";
  },
};
