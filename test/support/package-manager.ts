import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { attempt } from "../../scripts/setup/run.mjs";

/**
 * Another package manager than npm, from npm, in a folder that is removed at the end.
 * @param version as npm takes it: `pnpm@10`. @param entry its program, from the package's folder.
 * @returns the file that Node runs, or nothing where no registry can be reached.
 */
export async function packageManager(version: string, entry: string): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "dvc-poison-manager-"));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { ok } = await attempt("npm", ["install", "--prefix", folder, ...options, version]);
  return ok ? join(folder, "node_modules", version.slice(0, version.lastIndexOf("@")), entry) : undefined;
}
