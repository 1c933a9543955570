import type { Classified } from "./classified.ts";

/**
 * Brier score: half the mean squared distance between the probabilities and the truth, 0 (sure and right) to 1 (sure and wrong). For two
 * classes that is the mean squared error of one probability. https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2
 */
export function brierScore({ probabilities, targets }: Classified): number {
  const total = probabilities.reduce(
    (sum, row, i) => sum + row.reduce((squares, p, c) => squares + (p - Number(c === targets[i])) ** 2, 0),
    0,
  );
  return total / probabilities.length / 2;
}
