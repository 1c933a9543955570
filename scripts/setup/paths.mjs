import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { home, installed, project } from "../../src/runtime/installation.mjs";

const windows = process.platform === "win32";

/** The folder that is set up: the project's. */
export const root = project();

/** A file or folder of this package. @param {string[]} path */
export const ours = (...path) => join(home, ...path);

/** The Python environment: DVC, MLflow and TensorFlow. A project that has this package installed may have a .venv of its own. */
export const venv = installed ? join(root, ".dvc-poison", "venv") : join(root, ".venv");

/** Where the programs of {@link venv} lie. */
export const venvBin = join(venv, windows ? "Scripts" : "bin");

/** A program of {@link venv}, such as `dvc`. @param {string} name */
export const program = (name) => join(venvBin, windows ? `${name}.exe` : name);

/** A folder or file under the repository's `node_modules`. @param {string[]} path */
export const nodeModules = (...path) => join(root, "node_modules", ...path);

/** The folder of Node-API's headers, which an addon is compiled with. */
export const nodeHeaders = () =>
  createRequire(ours("package.json"))
    .resolve("node-api-headers")
    .replace(/[^\\/]*$/, "include");

/** Whether TensorFlow's wheel holds, for this platform, a library that an addon can be linked to. */
export const hasTensorflowLibrary = process.platform === "linux" && ["x64", "arm64"].includes(process.arch);

/** The folder of {@link venv} that holds TensorFlow's libraries and headers, or nothing when it isn't installed. */
export function tensorflowFolder() {
  const lib = join(venv, "lib");
  if (!existsSync(lib)) return undefined;
  return readdirSync(lib)
    .map((python) => join(lib, python, "site-packages", "tensorflow"))
    .find((folder) => existsSync(join(folder, "libtensorflow_cc.so.2")));
}

/**
 * The environment after `. .venv/bin/activate`: the project's programs come first; where this package is installed, a `.venv` of the
 * project's own has the last word. Python may keep its bytecode in {@link venv}: where a machine forbids it, each call of DVC or Keras
 * compiles its modules anew, for up to 16 s.
 */
export function activated() {
  const { PYTHONDONTWRITEBYTECODE, ...env } = process.env;
  return { ...env, PATH: [venvBin, env.PATH, installed && hostBin].filter(Boolean).join(delimiter) };
}

/** Where a project that has this package installed may have programs that nobody has activated. */
export const hostBin = join(root, ".venv", windows ? "Scripts" : "bin");

/** DVC: the project's, else whatever {@link activated} finds. */
export const dvc = installed ? "dvc" : program("dvc");
