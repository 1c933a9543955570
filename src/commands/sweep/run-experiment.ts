import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { activated, program, root } from "../../../scripts/setup/paths.mjs";
import type { Cell } from "./grid.ts";

/** Where each experiment's terminal output is kept. */
const LOGS = join(root, ".dvc", "tmp", "sweep");

/** DVC says so when another DVC holds the repository's lock for the moment. */
const BUSY = /Unable to acquire lock|is busy, it is being blocked/;

/** How an experiment ended: with a reason when it failed. */
export type Outcome = { ok: true } | { ok: false; reason: string; log: string };

/**
 * Runs one experiment in a copy of the workspace, `dvc exp run --temp --name NAME -S …`, and keeps its output in a log.
 * @param signal ends DVC and its stage as Ctrl-C does.
 */
export async function runCell(
  cell: Cell,
  settings: readonly string[],
  options: { force: boolean; signal: AbortSignal },
): Promise<Outcome> {
  await mkdir(LOGS, { recursive: true });
  const log = join(LOGS, `${cell.name}.log`);
  const set = [`poison=${cell.level}`, `seed=${cell.seed}`, ...settings].flatMap((setting) => ["-S", setting]);
  const args = ["exp", "run", "--temp", "--name", cell.name, ...(options.force ? ["--force"] : []), ...set];
  for (let tries = 1; ; tries++) {
    if (options.signal.aborted) return { ok: false, reason: "stopped", log };
    const code = await runDvc(args, log, options.signal);
    if (code === 0) return { ok: true };
    const text = await readFile(log, "utf8");
    if (options.signal.aborted) continue;
    if (!BUSY.test(text) || tries === 10) return { ok: false, reason: reasonOf(text), log };
    await new Promise((resolve) => setTimeout(resolve, 500 * tries * (0.5 + Math.random())));
  }
}

/** Removes experiments of one name, of whatever base line, so that the name can be given anew. */
export async function removeExperiments(name: string, log = join(LOGS, "remove.log")): Promise<void> {
  await mkdir(LOGS, { recursive: true });
  await runDvc(["exp", "remove", name], log, new AbortController().signal);
}

function runDvc(args: string[], log: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const file = createWriteStream(log);
    // A process group of its own: an interrupt then reaches DVC and the stage it runs, and both clean up.
    const child = spawn(program("dvc"), args, {
      cwd: root,
      env: activated(),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stop = () => child.pid !== undefined && child.exitCode === null && process.kill(-child.pid, "SIGINT");
    signal.addEventListener("abort", stop, { once: true });
    child.stdout.pipe(file, { end: false });
    child.stderr.pipe(file, { end: false });
    child.on("error", reject);
    child.on("close", (code) => {
      signal.removeEventListener("abort", stop);
      file.end(() => resolve(code ?? 1));
    });
  });
}

/** The line of a log that says what went wrong: a stage's own message, else DVC's. */
function reasonOf(text: string): string {
  const lines = text.trim().split(/[\r\n]+/);
  const hint = lines.findIndex((line) => line.startsWith("  → "));
  if (hint > 0) return `${lines[hint - 1]} ${lines[hint]?.trim()}`;
  return lines.findLast((line) => line.startsWith("ERROR:")) ?? lines.at(-1) ?? "no output";
}
