import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { attempt } from "../../scripts/setup/run.mjs";

/**
 * Another version of Node, from the package `node-PLATFORM-ARCH` of npm, in a folder that is removed at the end.
 * @param version as npm takes it: `22`, `20.19`.
 * @returns the program, or nothing where npm does not have it for this machine, or no registry can be reached.
 */
export async function otherNode(version: string): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "dvc-poison-node-"));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const name = `node-${process.platform.replace("win32", "win")}-${process.arch}`;
  const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { ok } = await attempt("npm", ["install", "--prefix", folder, ...options, `${name}@${version}`]);
  return ok ? join(folder, "node_modules", name, "bin", "node") : undefined;
}

/** Runs a program of this project with that Node, and gives back its exit code and all that it printed. */
export function runWith(
  node: string,
  args: string[],
  { cwd = process.cwd(), env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
) {
  const { NODE_TEST_CONTEXT, NODE_OPTIONS, ...own } = process.env;
  return new Promise<{ code: number | null; output: string }>((settle, reject) => {
    const child = spawn(node, args, { cwd, env: { ...own, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    child.on("error", reject).on("close", (code) => settle({ code, output }));
  });
}
