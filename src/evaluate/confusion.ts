import { type Classified, predictedClasses } from "./classified.ts";

/** counts[label][predicted]: how many images of one class were taken for another. */
export function confusionMatrix(classified: Classified): number[][] {
  const numClasses = classified.probabilities[0]?.length ?? 0;
  const counts = Array.from({ length: numClasses }, () => new Array<number>(numClasses).fill(0));
  for (const [i, predicted] of predictedClasses(classified).entries()) {
    const row = counts[classified.targets[i] as number] as number[];
    row[predicted] = (row[predicted] as number) + 1;
  }
  return counts;
}

/** By class, the share of its images that are recognized, 0–1; also called the accuracy of the class. Null for a class without images. */
export function recallOf(matrix: readonly (readonly number[])[]): (number | null)[] {
  return matrix.map((row, c) => share(row[c] as number, sum(row)));
}

/** By class, the share of the images taken for it that belong to it, 0–1. Null for a class that is never predicted. */
export function precisionOf(matrix: readonly (readonly number[])[]): (number | null)[] {
  return matrix.map((row, c) => share(row[c] as number, sum(matrix.map((other) => other[c] as number))));
}

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
