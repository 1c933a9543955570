import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StageError } from "../runtime/errors.ts";
import { findInstalled } from "../runtime/find-installed.mjs";
import { commandLine } from "../runtime/installation.mjs";
import { warn } from "../runtime/say.ts";
import { taskCommand, writeRound } from "./round.ts";
import type { Runner } from "./runners.ts";

const DRIVER = fileURLToPath(new URL("./run_on_ray.py", import.meta.url));

/** Tasks that Ray is given at once, by default: it starts as many as there are resources for. */
const AT_ONCE = 1000;

/** Variables that tasks are given, by how their names begin: what says how to compute, and where data, runs and experiments are kept. */
const VARIABLES = ["POISON_", "MLFLOW_", "DVC_", "GIT_", "AWS_", "AZURE_", "GOOGLE_"];

/** Where `setup --ray` puts the Python that has Ray. */
const PLACE = ".dvc-poison/ray/bin/python";

/** The Python that has Ray: `POISON_RAY_PYTHON` names it, or `setup --ray` has made it. @returns nothing where there is none. */
export const rayPython = (): string | undefined => process.env.POISON_RAY_PYTHON || findInstalled(PLACE);

/**
 * Runs tasks on a Ray cluster, https://docs.ray.io: the one that `RAY_ADDRESS` names, else the one that this machine is a node of. All machines
 * must see the project's folder at the same path.
 */
export const runOnRay: Runner = async (round, { tasks = AT_ONCE, args }) => {
  const python = rayPython();
  if (python === undefined || !existsSync(python))
    throw new StageError(`Ray is not installed: there is no ${python ?? PLACE}.`, {
      hint: `Install it: \`${commandLine("setup", "--ray")}\`; or name a Python that has it: POISON_RAY_PYTHON.`,
    });
  const resources = resourcesOf(args);
  const order = {
    folder: join(process.cwd(), round.folder),
    cwd: process.cwd(),
    command: taskCommand(round, await writeRound(round), { tied: true }),
    tasks: round.tasks.length,
    at_once: tasks,
    resources,
    threads: resources.num_cpus === undefined ? 0 : Math.max(1, Math.floor(resources.num_cpus)),
    variables: VARIABLES,
  };
  const file = join(round.folder, "ray.json");
  await writeFile(file, JSON.stringify(order));
  const { code, said } = await drive(python, file, round.signal);
  for (const failure of new Set(said.match(/^ray: .+$/gm))) warn(failure);
  if (code !== 0 && !round.signal?.aborted)
    throw new StageError(`Ray's driver ended with ${code}: ${lastLine(said)}`, {
      hint: "Is the cluster up? `ray status` says it; RAY_ADDRESS names another.",
    });
};

/** Runs the driver, tied to this process: it ends when its standard input does. */
function drive(python: string, file: string, signal?: AbortSignal): Promise<{ code: number | string; said: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO: "0" };
    const child = spawn(python, [DRIVER, file], { stdio: ["pipe", "inherit", "pipe"], env });
    const end = () => child.kill("SIGKILL");
    process.once("exit", end);
    signal?.addEventListener("abort", end);
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-10_000);
    });
    child.once("error", reject);
    child.once("close", (code, killed) => {
      process.off("exit", end);
      signal?.removeEventListener("abort", end);
      resolve({ code: killed ?? code ?? 1, said });
    });
  });
}

/** Of what Python has printed, the error itself. */
function lastLine(text: string): string {
  const lines = text.trim().split("\n");
  return lines.findLast((line) => /^\w*(\.\w+)*Error: /.test(line)) ?? (lines.at(-1) || "it said nothing");
}

/** A word that says what one task needs. */
const argument = /^--(num-cpus|num-gpus)=(\d+(?:\.\d+)?)$/;

/** What one task needs: `--num-cpus=4 --num-gpus=1`. @throws StageError for another word. */
export function resourcesOf(args: readonly string[]): { num_cpus?: number; num_gpus?: number } {
  const pairs = args.map((word) => {
    const [, name, value] = argument.exec(word) ?? [];
    if (name === undefined)
      throw new StageError(`POISON_RUNNER_ARGS has "${word}"; for Ray it may have --num-cpus=N and --num-gpus=N.`, {
        hint: "They say what one task needs.",
      });
    return [name.replace("-", "_"), Number(value)];
  });
  const found: { num_cpus?: number; num_gpus?: number } = Object.fromEntries(pairs);
  if (found.num_cpus === 0)
    throw new StageError("POISON_RUNNER_ARGS has --num-cpus=0; a task computes.", { hint: "Give it one or more." });
  return found;
}
