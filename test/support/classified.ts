import assert from "node:assert/strict";
import type { Classified, Ranking } from "../../src/evaluate/classified.ts";

/** Two classes by the probability of the second. */
export const two = (second: number[], targets: number[]): Classified => ({
  probabilities: second.map((p) => [1 - p, p]),
  targets,
});

/** Six images by falling score: hit, miss, hit, a tie of hit and miss, miss. */
export const RANKING: Ranking = {
  scores: [0.4, 0.9, 0.8, 0.6, 0.1, 0.4],
  positives: [true, true, false, true, false, false],
};

/** Equal within 1e-9. */
export const close = (actual: number | null | undefined, expected: number | null | undefined, what = ""): void =>
  assert.ok(Math.abs((actual as number) - (expected as number)) < 1e-9, `${what} ${actual}, expected ${expected}`);
