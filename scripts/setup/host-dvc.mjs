import { existsSync } from "node:fs";
import { activated, venv } from "./paths.mjs";
import { attempt } from "./run.mjs";

/** The versions of DVC that a project may have of its own: from this one on, below 4. */
export const OLDEST = "3.50";

/** Whether a version of DVC is one of these. @param {string} version */
export function isSupportedDvc(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === 3 && minor >= Number(OLDEST.split(".")[1]);
}

/**
 * The DVC that a project has on its PATH or in its .venv, where this package is installed and has made no Python environment yet.
 *
 * @param {{mlflow: boolean}} needed whether MLflow must be there too
 * @returns {Promise<{version: string, fits: boolean} | undefined>}
 */
export async function hostDvc({ mlflow }) {
  if (existsSync(venv)) return undefined;
  const ask = (/** @type {string} */ program) => attempt(program, ["--version"], { env: activated(), timeout_s: 60 });
  const [dvc, server] = await Promise.all([ask("dvc"), mlflow ? ask("mlflow") : undefined]);
  if (!dvc.ok) return undefined;
  const version = dvc.stdout.trim().split("\n").at(-1) ?? "";
  return { version, fits: isSupportedDvc(version) && server?.ok !== false };
}
