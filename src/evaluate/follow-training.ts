import type { EpochMetrics } from "../records/training/history.ts";
import { type Progress, startProgress } from "../runtime/progress.ts";

/** Progress of a training on the terminal: a line per epoch, and the time left. @param images how many one epoch has. */
export function followTraining(
  epochs: number,
  images: number,
): { onEpoch(epoch: EpochMetrics): void; onStep(images: number): void; progress: Progress } {
  const progress = startProgress("train-top", epochs * images, "images");
  return {
    onEpoch: (epoch) => progress.note(describeEpoch(epoch, epochs)),
    onStep: (count) => progress.advance(count),
    progress,
  };
}

function describeEpoch({ epoch, loss, accuracy, val_loss, val_accuracy }: EpochMetrics, epochs: number): string {
  const figure = (value: number | null) => (value ?? Number.NaN).toFixed(4);
  return `epoch ${epoch} of ${epochs}: loss ${figure(loss)}, accuracy ${figure(accuracy)}, val_loss ${figure(val_loss)}, val_accuracy ${figure(val_accuracy)}`;
}
