import { StageError } from "../../runtime/errors.ts";
import { ROUNDING } from "../format/check.ts";
import { anew } from "../format/text.ts";
import { type LabelTable, readLabels, swappedRows } from "../labels/labels.ts";
import { type EpochMetrics, historyFile } from "./history.ts";
import { type Prediction, predictionsFile } from "./predictions.ts";
import { type TrainMetrics, trainMetricsFile } from "./train-metrics.ts";

/** What train-top says of one training. */
export interface TrainingRecord {
  history: EpochMetrics[];
  metadata: TrainMetrics;
}

/** Reads history and metrics of a training. @throws StageError naming file, key and value, also when they are of two trainings. */
export async function readTraining(files: { history: string; metrics: string }): Promise<TrainingRecord> {
  const history = await historyFile.read(files.history);
  const metadata = await trainMetricsFile.read(files.metrics);
  assertOneTraining(history, metadata, files);
  return { history, metadata };
}

/**
 * Reads the predictions of a training.
 * @throws StageError also when they are not those of these metrics: of another number of images, or other ones are right. A model
 * that diverged, or holds both classes to be equally likely, has no right and wrong that both files must agree on.
 */
export async function readPredictions(
  file: string,
  { dataset, val_accuracy, val_loss }: TrainMetrics,
): Promise<Prediction[]> {
  const rows = await predictionsFile.read(file);
  if (rows.length !== dataset.validation_images)
    throw twoTrainings(
      `${file}: there are ${rows.length} predictions, but the metrics say ${dataset.validation_images}`,
    );
  const right = rows.filter(({ label, predicted }) => label === predicted).length / rows.length;
  const open =
    rows.filter(({ probability, probabilities }) => !probabilities && probability === 0.5).length / rows.length;
  if (val_loss !== null && Math.abs(right - val_accuracy) > ROUNDING + open)
    throw twoTrainings(`${file}: ${right} of the predictions are right, but the metrics say ${val_accuracy}`);
  return rows;
}

/** Reads the labels of a training. @throws StageError also when they are not those of these metrics. */
export async function readTrainingLabels(
  file: string,
  { dataset, poisoned_images }: TrainMetrics,
): Promise<LabelTable> {
  const rows = await readLabels(file);
  const train = rows.filter(({ split }) => split === "train").length;
  for (const [what, found, said] of [
    ["training images", train, dataset.train_images],
    ["validation images", rows.length - train, dataset.validation_images],
    ["swapped labels", swappedRows(rows).length, poisoned_images],
  ] as const)
    if (found !== said) throw twoTrainings(`${file}: there are ${found} ${what}, but the metrics say ${said}`);
  return rows;
}

/** @throws StageError when the last epoch or the best one is not what the metrics say. @param names of the files. */
export function assertOneTraining(
  history: readonly EpochMetrics[],
  metadata: TrainMetrics,
  names: { history: string; metrics: string },
): void {
  const last = history.at(-1) as EpochMetrics;
  const refuse = (key: string, value: unknown, other: unknown) =>
    twoTrainings(`${names.metrics}: ${key} is ${value}, but by ${names.history} it is ${other}`);
  for (const key of ["loss", "accuracy", "val_loss", "val_accuracy"] as const)
    if (metadata[key] !== last[key]) throw refuse(key, metadata[key], last[key]);
  const best = history.reduce((best, epoch) => (epoch.val_accuracy > best.val_accuracy ? epoch : best));
  if (history[metadata.best_epoch - 1]?.val_accuracy !== best.val_accuracy)
    throw refuse("best_epoch", metadata.best_epoch, best.epoch);
}

const twoTrainings = (what: string) =>
  new StageError(`${what}: they are of two trainings.`, { hint: anew("train-top") });
