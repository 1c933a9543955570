import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "vega-lite";
import { accuracyChannel, epochAxis, lossChannel } from "../../../src/plots/axes.ts";
import { trainingChart } from "../../../src/plots/training-chart.ts";
import type { EpochRecord, TrainingFacts } from "../../../src/records/training-record.ts";

const facts: TrainingFacts = {
  poison: 7.5,
  poisoned_images: 150,
  best_epoch: 2,
  dataset: { name: "cats-dogs", train_images: 2000, validation_images: 800 },
};

/** A history with these losses; validation loses the same. */
const withLosses = (...losses: (number | null)[]): EpochRecord[] =>
  losses.map((loss, i) => ({ epoch: i + 1, loss, accuracy: 0.9, val_loss: loss, val_accuracy: 0.8 }));

const withAccuracies = (accuracy: number, val_accuracy: number): EpochRecord[] => [
  { epoch: 1, loss: 1, accuracy, val_loss: 1, val_accuracy },
];

const epochs = (count: number) => withLosses(...Array.from({ length: count }, () => 1));

/** The inline data of a spec's views whose rows have the key. */
function rowsWith(spec: unknown, key: string): Record<string, unknown>[][] {
  const found: Record<string, unknown>[][] = [];
  JSON.stringify(spec, (_, value) => {
    const rows = value?.data?.values;
    if (rows && key in rows[0]) found.push(rows);
    return value;
  });
  return found;
}

test("the title tells level, number of swapped labels, seed, validation and dataset", () => {
  const text = JSON.stringify(trainingChart(withLosses(0.5, 0.146), facts, 42));
  assert.match(text, /"Poison 7\.5 %: 150 of 2000 training labels swapped"/);
  assert.match(text, /"seed 42 · validated on 800 images with true labels · dataset: cats-dogs"/);
  assert.match(text, /"after epoch 2: training 0\.146, validation 0\.146"/);
  assert.match(text, /"after epoch 2: training 90\.0 %, validation 80\.0 %"/);
});

test("a clean training says that no label is swapped, a third is not 33.3333333 %", () => {
  const title = (changed: Partial<TrainingFacts>) =>
    JSON.stringify(trainingChart(epochs(1), { ...facts, ...changed }, 1)).match(/Poison [^"]+/)?.[0];
  assert.equal(title({ poison: 0, poisoned_images: 0 }), "Poison 0 %: no training label swapped");
  assert.equal(title({ poison: 100 / 3, poisoned_images: 2 }), "Poison 33.33 %: 2 of 2000 training labels swapped");
});

test("each panel holds a training and a validation value per epoch, and rings validation at the best epoch", () => {
  const history: EpochRecord[] = [
    { epoch: 1, loss: 0.7, accuracy: 0.6, val_loss: 0.5, val_accuracy: 0.75 },
    { epoch: 2, loss: 0.4, accuracy: 0.8, val_loss: null, val_accuracy: 0.85 },
  ];
  const panels = rowsWith(trainingChart(history, facts, 1), "epoch");
  const plain = panels.map((rows) => rows.map((row) => [row.epoch, row.series, row.value, row.ring]));
  assert.deepEqual(plain, [
    [
      [1, "training", 0.7, false],
      [1, "validation", 0.5, false],
      [2, "training", 0.4, false],
      [2, "validation", null, true],
    ],
    [
      [1, "training", 0.6, false],
      [1, "validation", 0.75, false],
      [2, "training", 0.8, false],
      [2, "validation", 0.85, true],
    ],
  ]);
});

test("two charts that are to be compared have the same axes, and each its own lines", () => {
  const [short, long] = [withLosses(0.5, 0.4), withLosses(0.9, 0.3, 0.2)];
  const axes = (own: EpochRecord[], other?: EpochRecord[]) =>
    [...JSON.stringify(trainingChart(own, facts, 1, other)).matchAll(/"domain":(\[[^\]a-z]+\])/g)].map(
      (match) => match[1],
    );
  assert.deepEqual(axes(short, long), axes(long, short));
  assert.notDeepEqual(axes(short, long), axes(short));
  const epochs = rowsWith(trainingChart(short, facts, 1, long), "epoch").map((rows) => rows.length);
  assert.deepEqual(epochs, [4, 4]);
});

test("Vega-Lite compiles the spec without a warning", () => {
  const warnings: unknown[] = [];
  const note = (...texts: unknown[]) => {
    warnings.push(texts);
    return logger;
  };
  const logger = { level: () => logger, debug: () => logger, info: () => logger, warn: note, error: note };
  for (const history of [epochs(1), epochs(100), withLosses(null, null), withLosses(900, 0.1, 0.1)]) {
    compile(trainingChart(history, facts, 1), { logger: logger as never });
  }
  assert.deepEqual(warnings, []);
});

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
