import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasTensorflowLibrary, ours, program, tensorflowFolder, venv, venvBin } from "./paths.mjs";
import { uvEnvironment } from "./pip-settings.mjs";
import { findPython } from "./python.mjs";
import { attempt, run } from "./run.mjs";
import { digest, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

/** @typedef {import("./flavor.mjs").Flavor} Flavor */
/** @typedef {{flavor: Flavor, asked: boolean, python: string, inputs: string}} Stamp */

const stamp = join(venv, "setup.json");

/** The lock file of a flavor. @param {Flavor} flavor */
export const lockFile = (flavor) =>
  ours("scripts", "python", flavor === "none" ? "requirements.txt" : `requirements-${flavor}.txt`);

/** What the environment holds, once its step is done. @returns {Stamp | undefined} */
export const pythonStamp = () => /** @type {any} */ (readStamp(stamp));

/** What a flavor holds, for people. @type {Record<Flavor, string>} */
const contents = {
  none: "DVC and MLflow",
  cpu: "DVC, MLflow and TensorFlow for the CPU",
  gpu: "DVC, MLflow and TensorFlow for the GPU",
};

/**
 * DVC and MLflow, and TensorFlow in some flavors, at the versions of the lock file.
 *
 * @param {{flavor: Flavor, asked: boolean}} chosen
 * @returns {import("./step.mjs").Step}
 */
export const pythonEnvironment = (chosen) => ({
  name: "Python environment",
  async done() {
    const before = pythonStamp();
    const same = before?.inputs === inputs(chosen.flavor) && before.asked === chosen.asked;
    return same && (await works(before));
  },
  async run(say) {
    const before = pythonStamp();
    // Without a stamp the last set-up was cut short, and no one knows what it left.
    const usable = before !== undefined && (await works(before));
    const base = usable ? undefined : await findPython(say);
    removeStamp(stamp);
    if (base) {
      rmSync(venv, { recursive: true, force: true, maxRetries: 5 });
      await run(base.command, ["-m", "venv", venv]);
    }
    await install(chosen.flavor);
    const python = await version();
    writeStamp(stamp, { inputs: inputs(chosen.flavor), python, ...chosen });
    return `Python ${python} with ${contents[chosen.flavor]}`;
  },
});

/** Installs the locked packages: pip installs uv, uv the rest, in a fraction of pip's time. @param {Flavor} flavor */
async function install(flavor) {
  const lock = lockFile(flavor);
  const uv = join(venv, "uv.txt");
  writeFileSync(uv, lockEntry(readFileSync(lock, "utf8"), "uv"));
  const pip = "-m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r".split(" ");
  await run(program("python"), [...pip, uv], { env: { ...process.env, PIP_USER: "0" }, hint: offline });
  const env = await uvEnvironment(program("pip"));
  const sync = ["pip", "sync", "--require-hashes", "--python", program("python"), lock];
  await run(program("uv"), sync, { env, hint: offline });
}

const offline = "the packages come from PyPI, or from the index that pip is configured for (pip config list)";

/** A package with its hashes, as it stands in a lock file. @param {string} lock @param {string} name */
export function lockEntry(lock, name) {
  const lines = lock.split("\n");
  const first = lines.findIndex((line) => line.startsWith(`${name}==`));
  if (first < 0) throw new Error(`The lock file has no package ${name}.`);
  const last = lines.findIndex((line, i) => i >= first && !line.endsWith("\\"));
  return `${lines.slice(first, last + 1).join("\n")}\n`;
}

/** @param {Flavor} flavor */
const inputs = (flavor) => digest(readFileSync(lockFile(flavor), "utf8"), flavor, venv);

/** Whether the environment is whole, belongs to this folder, and its Python still runs. @param {Stamp} stamp */
async function works({ python, flavor }) {
  const programs = ["python", "pip", "uv", "dvc", "mlflow"].map(program);
  const tensorflow = flavor === "none" || !hasTensorflowLibrary || tensorflowFolder() !== undefined;
  return programs.every(existsSync) && tensorflow && isHome(program("dvc")) && (await version()) === python;
}

/** The version of the environment's Python, empty when it does not run. */
async function version() {
  const script = "import sys; print('.'.join(map(str, sys.version_info[:3])))";
  return (await attempt(program("python"), ["-ISc", script])).stdout.trim();
}

/** Whether a program's first lines name this environment: they hold its absolute path, and a folder can move. @param {string} file */
function isHome(file) {
  if (process.platform === "win32") return true;
  const head = Buffer.alloc(4096);
  const descriptor = openSync(file, "r");
  readSync(descriptor, head);
  closeSync(descriptor);
  return head.includes(`${venvBin}/python`);
}
