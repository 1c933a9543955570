import type { EpochMetrics } from "../../records/training/history.ts";
import { StageError } from "../../runtime/errors.ts";

/** A drawn chart, encoded on demand at 300 dpi. The same history and texts give the same bytes on a machine. */
export interface Picture {
  /** Size of the PNG and the JPEG in px. */
  width: number;
  height: number;
  /** The bytes of a PNG. */
  png(): Buffer;
  /** The bytes of a JPEG. */
  jpeg(): Buffer;
  /** The text of an SVG. */
  svg(): Promise<string>;
}

/**
 * Draws loss and accuracy over the epochs, training and validation, side by side; a ring is around the best validation accuracy, the first
 * of equals.
 *
 * @example
 * ```ts
 * import { trainingPicture } from "dvc-poison/plots";
 *
 * const history = [
 *   { epoch: 1, loss: 0.7, accuracy: 0.5, val_loss: 0.6, val_accuracy: 0.6 },
 *   { epoch: 2, loss: 0.4, accuracy: 0.8, val_loss: 0.5, val_accuracy: 0.7 },
 * ];
 * const picture = await trainingPicture(history, { title: "Reviews", subtitle: "bag of words" });
 * console.log(picture.width, picture.png().length > 1000); // → 3000 true
 * ```
 *
 * @param history one epoch or more, by rising epoch: what `trainTop` gives and `historyFile` reads. A loss of null leaves a gap.
 * @throws StageError for a history without an epoch.
 */
export async function trainingPicture(
  history: readonly EpochMetrics[],
  { title, subtitle = "" }: { title: string; subtitle?: string },
): Promise<Picture> {
  const [first] = history;
  if (first === undefined) throw new StageError("the history has no epoch: there is nothing to draw.");
  const best = history.reduce((best, epoch) => (epoch.val_accuracy > best.val_accuracy ? epoch : best), first).epoch;
  const [{ renderChart }, { historyChart }] = await Promise.all([
    import("../../plots/render.ts"),
    import("../../plots/training-chart.ts"),
  ]);
  return renderChart(historyChart(history, { title, subtitle, best }));
}
