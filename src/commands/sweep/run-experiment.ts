import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { settingFor } from "../../dvc/params-place.ts";
import type { Revision } from "../../dvc/refs.ts";
import { STAGES } from "../../dvc/roles.ts";
import { callDvc } from "../../dvc/run-dvc.ts";
import type { Cell } from "./grid.ts";

/** Where each experiment's terminal output is kept. */
const LOGS = join(".dvc", "tmp", "sweep");

/** DVC says so when another DVC holds the repository's lock for the moment. */
const BUSY = /Unable to acquire lock|is busy, it is being blocked/;

/** How an experiment ended: with a reason when it failed; what it printed is in a log. */
export type Outcome = { ok: true; log: string } | { ok: false; reason: string; log: string };

/** The file that holds what an experiment has printed. */
export const logOf = ({ name }: Cell): string => join(LOGS, `${name}.log`);

/** What `dvc exp run` is told of an experiment, beside its name. */
export function runArgs(
  cell: Cell,
  settings: readonly string[],
  { place, force }: { place: string; force: boolean },
): string[] {
  const ours = [`poison=${cell.level}`, `seed=${cell.seed}`, ...settings];
  return [...(force ? ["--force"] : []), ...ours.flatMap((setting) => ["-S", settingFor(setting, place)])];
}

/**
 * Runs one experiment in a copy of the workspace, `dvc exp run --temp --name NAME -S …`, and keeps its output in a log.
 * @param options.place where the parameters stand. @param options.signal ends DVC and its stage as Ctrl-C does.
 */
export async function runCell(
  cell: Cell,
  settings: readonly string[],
  options: { place: string; force: boolean; signal: AbortSignal },
): Promise<Outcome> {
  await mkdir(LOGS, { recursive: true });
  const log = logOf(cell);
  const args = ["exp", "run", "--temp", "--name", cell.name, ...runArgs(cell, settings, options)];
  for (let tries = 1; ; tries++) {
    if (options.signal.aborted) return { ok: false, reason: "stopped", log };
    const { code } = await callDvc(args, { output: { log }, signal: options.signal });
    if (code === 0) return { ok: true, log };
    const text = await readFile(log, "utf8");
    if (options.signal.aborted) continue;
    if (!BUSY.test(text) || tries === 10) return { ok: false, reason: reasonOf(text), log };
    await new Promise((resolve) => setTimeout(resolve, 500 * tries * (0.5 + Math.random())));
  }
}

/** Whether an experiment has trained, by its log: else DVC had what it makes. */
export const wasComputed = async (log: string): Promise<boolean> =>
  (await readFile(log, "utf8")).includes(`Running stage '${STAGES.training}'`);

/** Removes experiments, by their refs: a name may stand for several, of as many base lines. */
export async function removeExperiments(experiments: readonly Revision[]): Promise<void> {
  const refs = experiments.flatMap(({ ref }) => ref ?? []);
  if (refs.length === 0) return;
  await mkdir(LOGS, { recursive: true });
  await callDvc(["exp", "remove", ...refs], { output: { log: join(LOGS, "remove.log") } });
}

/** The line of a log that says what went wrong: a stage's own message, else DVC's. */
export function reasonOf(text: string): string {
  const lines = text.trim().split(/[\r\n]+/);
  const hint = lines.findIndex((line) => line.startsWith("  → "));
  if (hint > 0) return `${lines[hint - 1]} ${lines[hint]?.trim()}`;
  return lines.findLast((line) => line.startsWith("ERROR:")) ?? lines.at(-1) ?? "no output";
}
