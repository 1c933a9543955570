import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { digestOf, stampPlace } from "../../src/runtime/built-addon.mjs";
import { addonPlace, packagePlace } from "../../src/tensorflow/place.mjs";
import { compileAddon, haveCompiler } from "./compiler.mjs";
import { nodeHeaders, ours, root, tensorflowFolder } from "./paths.mjs";
import { pythonStamp } from "./python-environment.mjs";
import { attempt, lastLines } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";
import { digest, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

const folder = join(root, packagePlace);
/** Where it lies. */
export const output = join(root, addonPlace);
const stamp = stampPlace(output);

const inputs = () =>
  digest(
    readFileSync(join(folder, "package.json"), "utf8"),
    pythonStamp()?.inputs,
    tensorflowFolder(),
    `${build}${solver}`,
  );

/** The addon of TensorFlow.js, compiled against the TensorFlow of the Python environment. @type {import("./step.mjs").Step} */
export const tensorflowAddon = {
  name: "TensorFlow.js addon",
  after: ["Node packages", "Python environment", "TensorFlow.js packages"],
  done() {
    const last = readStamp(stamp);
    return existsSync(output) && last?.inputs === inputs() && last.addon === digestOf(output);
  },
  async run(say) {
    const tensorflow = tensorflowFolder();
    if (!tensorflow) return withoutAddon(`TensorFlow has no library for ${process.platform} on ${process.arch}`);
    const compiler = await haveCompiler(say);
    if (!compiler) return withoutAddon("there is no C++ compiler (Debian: sudo apt-get install g++)");
    removeStamp(stamp);
    try {
      await build(realpathSync(tensorflow), compiler);
      await check();
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      rmSync(output, { force: true });
      return withoutAddon(error.message);
    }
    writeStamp(stamp, { inputs: inputs(), addon: digestOf(output) });
    return `compiled with ${compiler.join(" ")}`;
  },
};

/** @param {string} why */
const withoutAddon = (why) =>
  `not built: ${why}. The pipeline computes on the CPU without it; what compares with TensorFlow cannot.`;

/** @param {string} tensorflow its real folder: CUDA's libraries are found relative to it @param {string[]} compiler */
async function build(tensorflow, compiler) {
  mkdirSync(dirname(output), { recursive: true });
  await compileAddon({
    compiler,
    sources: ["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => join(folder, "binding", file)),
    flags: [
      "-std=c++17",
      "-DNAPI_VERSION=8",
      ...[nodeHeaders(), folder, dirname(folder), join(tensorflow, "include")].map((i) => `-I${i}`),
    ],
    libraries: [
      join(tensorflow, "libtensorflow_cc.so.2"),
      join(tensorflow, "libtensorflow_framework.so.2"),
      `-Wl,-rpath,${tensorflow}`,
      ...solver(tensorflow),
    ],
    output,
  });
}

/**
 * TensorFlow opens cuSOLVER by its name alone, and is linked without the folder in which the wheel has put it: without it TensorFlow
 * takes no GPU. So the addon brings it. @param {string} tensorflow
 */
export function solver(tensorflow) {
  const folder = join(dirname(tensorflow), "nvidia", "cusolver", "lib");
  const library = existsSync(folder) && readdirSync(folder).find((file) => /^libcusolver\.so\.\d+$/.test(file));
  return library ? ["-Wl,--no-as-needed", join(folder, library), `-Wl,-rpath,${folder}`] : [];
}

async function check() {
  const { ok, output } = await probeTensorflow("cpu");
  if (!ok) throw new SetupError(`it was compiled but does not compute:\n${lastLines(output)}`);
}

/** Runs the program that computes with it. @param {"cpu" | "gpu" | "any"} device */
export const probeTensorflow = (device) =>
  attempt(process.execPath, [ours("scripts", "cli.mjs"), "probe-tensorflow", device], { timeout_s: 120 });
