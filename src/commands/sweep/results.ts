import { lockedPaths, parseLock } from "../../dvc/lock.ts";
import { STAGES } from "../../dvc/roles.ts";
import type { TrainMetrics } from "../../evaluate/train-metrics.ts";
import { asTrainingFiles } from "../../mlflow/experiment/results.ts";
import type { EpochMetrics } from "../../train/fit.ts";
import { fileAt } from "./experiments.ts";
import type { Cell } from "./grid.ts";
import { FIGURES, type Result } from "./summary.ts";

/** What an experiment left behind: its figures, its data set and its training curves. */
export interface Finished {
  cell: Cell;
  commit: string;
  result: Result;
  metrics: TrainMetrics;
  history: EpochMetrics[];
}

/** Reads an experiment's figures from its commit. */
export async function readFinished(cell: Cell, commit: string): Promise<Finished> {
  const lock = parseLock(await fileAt(commit, "dvc.lock"), `${cell.name}: dvc.lock`);
  const files = asTrainingFiles(lockedPaths(lock, STAGES.training), `${cell.name}: dvc.lock`);
  const metrics = JSON.parse(await fileAt(commit, files.metrics)) as TrainMetrics;
  const history = JSON.parse(await fileAt(commit, files.history)) as EpochMetrics[];
  const figures = Object.fromEntries(FIGURES.map((figure) => [figure, metrics[figure]])) as Pick<
    Result,
    (typeof FIGURES)[number]
  >;
  return {
    cell,
    commit,
    metrics,
    history,
    result: { level: cell.level, seed: cell.seed, poisoned_images: metrics.poisoned_images, ...figures },
  };
}
