import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const windows = process.platform === "win32";

/** The project's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The project's Python environment: DVC, MLflow and TensorFlow. */
export const venv = join(root, ".venv");

/** Where the programs of {@link venv} lie. */
export const venvBin = join(venv, windows ? "Scripts" : "bin");

/** A program of {@link venv}, such as `dvc`. @param {string} name */
export const program = (name) => join(venvBin, windows ? `${name}.exe` : name);

/** A folder or file under `node_modules`. @param {string[]} path */
export const nodeModules = (...path) => join(root, "node_modules", ...path);

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
 * The environment after `. .venv/bin/activate`: the project's programs come first. Python may keep its bytecode in {@link venv}:
 * where a machine forbids it, each call of DVC or Keras compiles its modules anew, for up to 16 s.
 */
export function activated() {
  const { PYTHONDONTWRITEBYTECODE, ...env } = process.env;
  return { ...env, PATH: [venvBin, env.PATH].filter(Boolean).join(delimiter) };
}
