import { type Classified, predictedClasses } from "./classified.ts";

/** How many images of one class were taken for another, or rightly for itself: a cell of the confusion matrix that holds any. */
export interface ConfusionCell {
  label: number;
  predicted: number;
  images: number;
}

/** The cells that hold images, at most one an image, row by row. */
export function confusionCells(classified: Classified): ConfusionCell[] {
  const numClasses = classified.probabilities[0]?.length ?? 0;
  const counts = new Map<number, number>();
  for (const [i, predicted] of predictedClasses(classified).entries()) {
    const cell = (classified.targets[i] as number) * numClasses + predicted;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([cell, images]) => ({ label: Math.floor(cell / numClasses), predicted: cell % numClasses, images }));
}

/** counts[label][predicted]: how many images of one class were taken for another. */
export function confusionMatrix(classified: Classified): number[][] {
  const numClasses = classified.probabilities[0]?.length ?? 0;
  const counts = Array.from({ length: numClasses }, () => new Array<number>(numClasses).fill(0));
  for (const { label, predicted, images } of confusionCells(classified))
    (counts[label] as number[])[predicted] = images;
  return counts;
}

/** By class, the share of its images that are recognized, 0–1; also called the accuracy of the class. Null for a class without images. */
export const recallOf = (cells: readonly ConfusionCell[], numClasses: number): (number | null)[] =>
  rightOf(cells, numClasses, "label");

/** By class, the share of the images taken for it that belong to it, 0–1. Null for a class that is never predicted. */
export const precisionOf = (cells: readonly ConfusionCell[], numClasses: number): (number | null)[] =>
  rightOf(cells, numClasses, "predicted");

/** How many images each class has by one side of the matrix. */
export function imagesBy(side: "label" | "predicted", cells: readonly ConfusionCell[], numClasses: number): number[] {
  const all = new Array<number>(numClasses).fill(0);
  for (const cell of cells) all[cell[side]] = (all[cell[side]] as number) + cell.images;
  return all;
}

function rightOf(cells: readonly ConfusionCell[], numClasses: number, side: "label" | "predicted"): (number | null)[] {
  const right = new Array<number>(numClasses).fill(0);
  for (const { label, predicted, images } of cells) if (label === predicted) right[label] = images;
  return imagesBy(side, cells, numClasses).map((all, c) => (all === 0 ? null : (right[c] as number) / all));
}
