import assert from "node:assert/strict";
import { test } from "node:test";
import { trainingChart } from "../../../src/plots/training-chart.ts";
import type { EpochMetrics } from "../../../src/records/training/history.ts";
import type { TrainMetrics } from "../../../src/records/training/train-metrics.ts";
import { metadataOf } from "../../support/train-metadata.ts";

const metadata = metadataOf(150);

/** A history with these losses; validation loses the same. */
const withLosses = (...losses: (number | null)[]): EpochMetrics[] =>
  losses.map((loss, i) => ({ epoch: i + 1, loss, accuracy: 0.9, val_loss: loss, val_accuracy: 0.8 }));

const epochs = (count: number) => withLosses(...Array.from({ length: count }, () => 1));

test("the title tells level, number of swapped labels, seed, validation and dataset", () => {
  const text = JSON.stringify(trainingChart(withLosses(0.5, 0.146), metadata, 42));
  assert.match(text, /"Poison 7\.5 %: 150 of 2000 training labels swapped"/);
  assert.match(text, /"seed 42 · validated on 800 images with true labels · dataset: cats-dogs"/);
  assert.match(text, /"after epoch 2: training 0\.146, validation 0\.146"/);
  assert.match(text, /"after epoch 2: training 90\.0 %, validation 80\.0 %"/);
});

test("a clean training says that no label is swapped, a third is not 33.3333333 %", () => {
  const title = (changed: Partial<TrainMetrics>) =>
    JSON.stringify(trainingChart(epochs(1), { ...metadata, ...changed }, 1)).match(/Poison [^"]+/)?.[0];
  assert.equal(title({ poison: 0, poisoned_images: 0 }), "Poison 0 %: no training label swapped");
  assert.equal(title({ poison: 100 / 3, poisoned_images: 2 }), "Poison 33.33 %: 2 of 2000 training labels swapped");
});
