import { changedWord, levelText } from "../../records/labels/level-text.ts";
import type { TrainMetrics } from "../../records/training/train-metrics.ts";
import { oneLine } from "../../runtime/printable.mjs";

/** What a run says of itself, Markdown: the result, what was poisoned, and the data set. */
export function runNote(metrics: TrainMetrics, { seed }: Record<string, string>): string {
  const { accuracy, val_accuracy, poison, poisoned_images, dataset, backend } = metrics;
  const { name, classes, train_images, validation_images } = dataset;
  const swapped = poisoned_images === 0 ? "no training label" : `${poisoned_images} of ${train_images} training labels`;
  return `**${percent(val_accuracy)} validation accuracy**, ${percent(accuracy)} in training. Poison ${levelText(poison)} %: ${swapped} ${changedWord(classes)}${seed === undefined ? "" : `, seed ${seed}`}.

Data set: ${asCode(name)}, ${classes} classes, ${train_images} training and ${validation_images} validation images. Trained by ${asCode(backend)}.`;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A name of somebody's choice stays a name. */
const asCode = (text: string): string => `\`${oneLine(text).replaceAll("`", "'")}\``;
