import assert from "node:assert/strict";
import { test } from "node:test";
import { type Result, summarizeLevels } from "../../../../src/commands/sweep/summary.ts";

const near = (a: number | null, b: number, tolerance = 1e-9) =>
  assert.ok(a !== null && Math.abs(a - b) < tolerance, `${a}, expected ${b}`);

const result = (level: number, seed: number, val_accuracy: number): Result => ({
  level,
  seed,
  poisoned_images: level * 20,
  val_accuracy,
  val_loss: 0.5,
  accuracy: 0.95,
  loss: 0.1,
  generalization_gap: 0.95 - val_accuracy,
});

test("levels are summed up over seeds, drops paired by seed", () => {
  const results = [result(5, 2, 0.85), result(0, 1, 0.9), result(5, 1, 0.87), result(0, 2, 0.88), result(5, 3, 0.5)];
  const [clean, five] = summarizeLevels(results) as [
    ReturnType<typeof summarizeLevels>[0],
    ReturnType<typeof summarizeLevels>[0],
  ];
  assert.deepEqual([clean.level, clean.n, clean.drop, clean.p], [0, 2, null, null]);
  near(clean.val_accuracy.mean, 0.89);
  assert.deepEqual([five.level, five.n, five.poisoned_images], [5, 3, 100]);
  near(five.drop?.mean ?? null, 0.03); // seed 3 has no base line and counts for no drop
  near(five.p, 0, 1e-6);
});
