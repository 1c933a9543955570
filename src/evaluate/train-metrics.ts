import { roundDeep } from "../numbers/round-deep.ts";
import type { Dataset } from "../records/images/dataset.ts";
import { classNamesIn, type LabelRow, poisonLevel, swappedRows } from "../records/labels/labels.ts";
import type { EpochMetrics } from "../records/training/history.ts";
import type { TrainMetrics } from "../records/training/train-metrics.ts";
import type { TrainResult } from "../train/fit.ts";

/** Sums a training up for DVC's metrics. @param backends what trained, and what made the features where that is known. */
export function summarize(
  { history }: Pick<TrainResult, "history">,
  labels: readonly LabelRow[],
  { name, skipped }: Pick<Dataset, "name" | "skipped">,
  backends: { backend: string; features: string | undefined },
): TrainMetrics {
  const { loss, accuracy, val_loss, val_accuracy } = history.at(-1) as EpochMetrics;
  const best = Math.max(...history.map((epoch) => epoch.val_accuracy));
  const train_images = labels.filter((row) => row.split === "train").length;
  return roundDeep({
    loss,
    accuracy,
    val_loss,
    val_accuracy,
    best_epoch: (history.find((epoch) => epoch.val_accuracy === best) as EpochMetrics).epoch,
    generalization_gap: accuracy - val_accuracy,
    poison: poisonLevel(labels),
    poisoned_images: swappedRows(labels).length,
    dataset: {
      name,
      classes: classNamesIn(labels).length,
      train_images,
      validation_images: labels.length - train_images,
      ...(skipped !== undefined && { skipped_images: skipped }),
    },
    backend: backends.backend,
    ...(backends.features !== undefined && { features: { backend: backends.features } }),
  });
}
