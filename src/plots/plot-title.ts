import { changedWord, levelText } from "../records/labels/level-text.ts";
import type { TrainMetrics } from "../records/training/train-metrics.ts";

/** `Poison 7.5 %: 150 of 2000 training labels swapped`, the beginning of every picture's title. */
export function plotTitle({ poison, poisoned_images, dataset }: TrainMetrics): string {
  const level = `Poison ${levelText(poison)} %`;
  const changed = changedWord(dataset.classes);
  if (poisoned_images === 0) return `${level}: no training label ${changed}`;
  return `${level}: ${poisoned_images} of ${dataset.train_images} training labels ${changed}`;
}
