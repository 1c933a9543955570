import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { attempt } from "../../../scripts/setup/run.mjs";

/** What loads the top model beside MLflow. */
const KERAS = ["tensorflow-cpu", "keras>=3,<4"];

/** What was current when the older versions came out, and has lost since what they import. */
const FORMER = ["setuptools<81", "sqlalchemy<2.1"];

/** Python of the environments: the newest that MLflow 2.14 knows. */
const PYTHON = "3.11";

/**
 * A Python environment with a version of MLflow, server and client, in a folder that is removed at the end.
 * @param version as pip takes it: `2.14.*`; nothing is the newest. @returns its programs' folder; nothing where it cannot be had.
 */
export async function mlflowVersion(version: string | undefined, { loads = true } = {}): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "dvc-poison-mlflow-version-"));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const uv = existsSync(".venv/bin/uv") ? ".venv/bin/uv" : "uv";
  const packages = version === undefined ? ["mlflow"] : [`mlflow==${version}`, ...FORMER];
  if (loads) packages.push(...KERAS);
  const made = await attempt(uv, ["venv", "--quiet", "--clear", "--python", PYTHON, folder]);
  const bin = join(folder, "bin");
  const fill = ["pip", "install", "--quiet", "--python", join(bin, "python"), ...packages];
  const filled = made.ok ? await attempt(uv, fill) : made;
  if (filled.ok) return bin;
  console.log(filled.output);
  return undefined;
}
