import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "vega-lite";
import { trainingChart } from "../../../src/plots/training-chart.ts";
import type { EpochMetrics } from "../../../src/records/training/history.ts";
import { metadataOf } from "../../support/train-metadata.ts";

const metadata = metadataOf(150);

/** A history with these losses; validation loses the same. */
const withLosses = (...losses: (number | null)[]): EpochMetrics[] =>
  losses.map((loss, i) => ({ epoch: i + 1, loss, accuracy: 0.9, val_loss: loss, val_accuracy: 0.8 }));

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

test("each panel holds a training and a validation value per epoch, and rings validation at the best epoch", () => {
  const history: EpochMetrics[] = [
    { epoch: 1, loss: 0.7, accuracy: 0.6, val_loss: 0.5, val_accuracy: 0.75 },
    { epoch: 2, loss: 0.4, accuracy: 0.8, val_loss: null, val_accuracy: 0.85 },
  ];
  const panels = rowsWith(trainingChart(history, metadata, 1), "epoch");
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
  const axes = (own: EpochMetrics[], other?: EpochMetrics[]) =>
    [...JSON.stringify(trainingChart(own, metadata, 1, other)).matchAll(/"domain":(\[[^\]a-z]+\])/g)].map(
      (match) => match[1],
    );
  assert.deepEqual(axes(short, long), axes(long, short));
  assert.notDeepEqual(axes(short, long), axes(short));
  const epochs = rowsWith(trainingChart(short, metadata, 1, long), "epoch").map((rows) => rows.length);
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
    compile(trainingChart(history, metadata, 1), { logger: logger as never });
  }
  assert.deepEqual(warnings, []);
});
