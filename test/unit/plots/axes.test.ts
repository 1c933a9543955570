import assert from "node:assert/strict";
import { test } from "node:test";
import { accuracyChannel, epochAxis, lossChannel } from "../../../src/plots/axes.ts";
import type { EpochMetrics } from "../../../src/records/training/history.ts";

/** A history with these losses; validation loses the same. */
const withLosses = (...losses: (number | null)[]): EpochMetrics[] =>
  losses.map((loss, i) => ({ epoch: i + 1, loss, accuracy: 0.9, val_loss: loss, val_accuracy: 0.8 }));

const withAccuracies = (accuracy: number, val_accuracy: number): EpochMetrics[] => [
  { epoch: 1, loss: 1, accuracy, val_loss: 1, val_accuracy },
];

const epochs = (count: number) => withLosses(...Array.from({ length: count }, () => 1));

test("epochs are ticked in whole steps, every one up to twenty, at most twelve beyond", () => {
  assert.deepEqual(epochAxis(epochs(1)), { ticks: [1], domain: [0.5, 1.5] });
  assert.deepEqual(epochAxis(epochs(10)).ticks, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(epochAxis(epochs(20)).ticks.length, 20);
  assert.deepEqual(epochAxis(epochs(21)).ticks, [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
  assert.deepEqual(epochAxis(epochs(100)).ticks, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  assert.deepEqual(epochAxis(epochs(10_000)).ticks.slice(0, 3), [1000, 2000, 3000]);
  for (let count = 21; count < 1500; count += 7) assert.ok(epochAxis(epochs(count)).ticks.length <= 12, `${count}`);
});

test("the accuracy axis ends at 100 %, begins at a 10 % line below the data, and says so", () => {
  const axis = (...values: [number, number]) => {
    const { title, scale } = accuracyChannel(withAccuracies(...values));
    return [title, (scale as { domain: number[] }).domain];
  };
  assert.deepEqual(axis(0.94, 0.85), ["accuracy (axis begins at 80 %)", [0.8, 1]]);
  assert.deepEqual(axis(0.94, 0.8), ["accuracy (axis begins at 70 %)", [0.7, 1]]);
  assert.deepEqual(axis(1, 1), ["accuracy (axis begins at 90 %)", [0.9, 1]]);
  assert.deepEqual(axis(0.05, 0.6), ["accuracy", [0, 1]]);
  assert.deepEqual(axis(0, 0), ["accuracy", [0, 1]]);
});

test("the loss axis begins at zero; it is logarithmic, and says so, where one loss dwarfs the others", () => {
  const axis = (...losses: (number | null)[]) => lossChannel(withLosses(...losses));
  assert.deepEqual(axis(0.7, 0.4, 0.2).scale, { domain: [0, 0.7], nice: 6 });
  assert.deepEqual(axis(0, 0).scale, { domain: [0, 1], nice: 6 });
  assert.deepEqual(axis(null, null).scale, { domain: [0, 1], nice: 6 });
  assert.deepEqual(axis(null, 4e5, 3e5).scale, { domain: [0, 4e5], nice: 6 });
  assert.equal(axis(0.7, 0.4).title, "cross-entropy loss");
  const wide = axis(500, 0.3, 0.25);
  assert.equal(wide.title, "cross-entropy loss (logarithmic scale)");
  assert.deepEqual(wide.scale, { type: "symlog", constant: 0.1, domain: [0, 1000], nice: false });
  assert.deepEqual((wide.axis as { values: number[] }).values, [0, 0.1, 1, 10, 100, 1000]);
  assert.deepEqual((axis(1, 0, 0, 1e-30).axis as { values: number[] }).values.length, 8);
});
