import { lockedPaths, parseLock } from "../../dvc/lock.ts";
import { STAGES } from "../../dvc/roles.ts";
import { asTrainingFiles } from "../../mlflow/experiment/results.ts";
import { type EpochMetrics, historyFile } from "../../records/training/history.ts";
import { type TrainMetrics, trainMetricsFile } from "../../records/training/train-metrics.ts";
import { assertOneTraining } from "../../records/training/training.ts";
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

/** Reads an experiment's figures from its commit. @throws StageError when they are missing, damaged, or of two trainings. */
export async function readFinished(cell: Cell, commit: string): Promise<Finished> {
  const where = (file: string) => `${cell.name}: ${file}`;
  const lock = parseLock(await fileAt(commit, "dvc.lock"), where("dvc.lock"));
  const files = asTrainingFiles(lockedPaths(lock, STAGES.training), where("dvc.lock"));
  const names = { metrics: where(files.metrics), history: where(files.history) };
  const metrics = trainMetricsFile.parse(await fileAt(commit, files.metrics), names.metrics);
  const history = historyFile.parse(await fileAt(commit, files.history), names.history);
  assertOneTraining(history, metrics, names);
  const figures = Object.fromEntries(FIGURES.map((figure) => [figure, metrics[figure] ?? Number.NaN])) as Pick<
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
