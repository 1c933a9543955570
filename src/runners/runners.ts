import { runLocally } from "./local.ts";
import { runOnRay } from "./ray.ts";
import type { Round } from "./round.ts";
import type { RunnerName, RunnerSettings } from "./settings.ts";
import { awaitFormer, runOnSlurm } from "./slurm.ts";

/**
 * Runs the tasks of a round and returns when all have ended, well or not: what they have made tells.
 * @throws StageError when the engine is not there or refuses the work.
 */
export type Runner = (round: Round, settings: Omit<RunnerSettings, "runner">) => Promise<void>;

/** By the name that `POISON_RUNNER` or `sweep --runner` gives. */
export const runners: Record<RunnerName, Runner> = { local: runLocally, slurm: runOnSlurm, ray: runOnRay };

/** Waits for tasks that a driver which was killed has left at work: only Slurm's outlive it. @param folder of its rounds. */
export const settle = async (runner: RunnerName, folder: string): Promise<void> => {
  if (runner === "slurm") await awaitFormer(folder);
};
