import { StageError } from "../runtime/errors.ts";

/** Engines that distribute tasks. */
export const RUNNERS = ["local", "slurm", "ray"] as const;
/** See {@link RUNNERS}. */
export type RunnerName = (typeof RUNNERS)[number];

/** Who does the work. It is said by the environment and never by a parameter, for it changes no byte of an output. */
export interface RunnerSettings {
  runner: RunnerName;
  /** Tasks at once, at most; `undefined`: what suits the engine. */
  tasks: number | undefined;
  /** Words for the engine: `--gres=gpu:1` for sbatch, `--num-gpus=1` for Ray. */
  args: string[];
}

/**
 * Reads `POISON_RUNNER`, `POISON_TASKS` and `POISON_RUNNER_ARGS`.
 * @throws StageError naming the variable that has no meaning.
 */
export function runnerSettings(env: NodeJS.ProcessEnv = process.env): RunnerSettings {
  const { POISON_RUNNER: runner = "", POISON_TASKS: tasks = "", POISON_RUNNER_ARGS: args = "" } = env;
  if (runner !== "" && !RUNNERS.includes(runner as RunnerName))
    throw new StageError(`POISON_RUNNER is "${runner}"; it must be ${RUNNERS.join(", ")}.`, {
      hint: "Unset it to compute on this machine.",
    });
  if (tasks !== "" && !/^[1-9]\d{0,4}$/.test(tasks))
    throw new StageError(`POISON_TASKS is "${tasks}"; it must be a whole number, 1 to 99999.`, {
      hint: "Unset it: what suits the runner is used.",
    });
  const name = (runner || "local") as RunnerName;
  const words = args.split(/\s+/).filter((word) => word !== "");
  if (words.length > 0 && name === "local")
    throw new StageError(`POISON_RUNNER_ARGS is "${args}", but the runner local takes none.`, {
      hint: "Unset it, or set POISON_RUNNER to slurm or ray.",
    });
  return { runner: name, tasks: tasks === "" ? undefined : Number(tasks), args: words };
}
