import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { attempt } from "../../scripts/setup/run.mjs";

/**
 * A Python environment of its own, in a folder that is removed at the end.
 * @param python its version, `3.12`: one that is here, else one that uv fetches. @param packages arguments of `uv pip install`.
 * @returns its programs' folder; nothing where it cannot be had.
 */
export async function pythonEnvironment(python: string, packages: readonly string[]): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "dvc-poison-python-"));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const uv = existsSync(".venv/bin/uv") ? ".venv/bin/uv" : "uv";
  const env = { ...process.env, PYENV_VERSION: python }; // pyenv hides all but one of the Pythons that it has
  const made = await attempt(uv, ["venv", "--quiet", "--clear", "--python", python, folder], { env });
  const bin = join(folder, "bin");
  const fill = ["pip", "install", "--quiet", "--python", join(bin, "python"), ...packages];
  const filled = made.ok ? await attempt(uv, fill) : made;
  if (filled.ok) return bin;
  console.log(filled.output);
  return undefined;
}
