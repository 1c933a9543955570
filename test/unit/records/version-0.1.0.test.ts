import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readModel } from "../../../src/commands/predict/load-model.ts";
import { openFeatures } from "../../../src/records/features/features.ts";
import { readFeatureMetadata } from "../../../src/records/features/read-rows.ts";
import { readDataset } from "../../../src/records/images/dataset.ts";
import { formatLabels, readLabels } from "../../../src/records/labels/labels.ts";
import { figureFiles } from "../../../src/records/training/figures.ts";
import { memorizationFile } from "../../../src/records/training/memorization.ts";
import { readPredictions, readTraining, readTrainingLabels } from "../../../src/records/training/training.ts";
import { validationMetricsFile } from "../../../src/records/training/validation-metrics.ts";
import { openTrainingSet } from "../../../src/train/training-set.ts";

/** What version 0.1.0 (commit 35bf8c4) wrote for six training and four validation images of 32 px. */
const ROOT = "test/fixtures/0.1.0";
const text = (file: string) => readFileSync(`${ROOT}/${file}`, "utf8");

test("data set, labels and features of version 0.1.0 are read", async () => {
  const dataset = await readDataset(`${ROOT}/data/images`);
  assert.equal(dataset.license, "CC0");
  assert.ok(!("licence" in dataset));
  const labels = await readLabels(`${ROOT}/data/labels.csv`);
  assert.equal(formatLabels(labels), text("data/labels.csv"));
  const metadata = await readFeatureMetadata(`${ROOT}/data/bottleneck`);
  assert.deepEqual(metadata, {
    base: "vgg16",
    image: { size: 32, resize: "nearest", preprocess: "rescale" },
    dataset,
  });
  assert.equal(metadata.backend, undefined);
  for (const [split, images] of [["train", 6] as const, ["validation", 4] as const]) {
    const features = await openFeatures(`${ROOT}/data/bottleneck`, split);
    assert.deepEqual([features.images.length, features.rowShape], [images, [1, 1, 512]]);
    features.read([0], new Float32Array(512));
    await features.close();
  }
  await using set = await openTrainingSet(`${ROOT}/data/bottleneck`, labels);
  assert.deepEqual([...set.train.targets], [0, 0, 1, 1, 1, 0]);
});

test("a training's record, metrics and predictions of version 0.1.0 are read", async () => {
  const { history, metadata } = await readTraining({
    history: `${ROOT}/plots/history.json`,
    metrics: `${ROOT}/metrics/train.json`,
  });
  assert.deepEqual(history, JSON.parse(text("plots/history.json")));
  assert.deepEqual(metadata, JSON.parse(text("metrics/train.json")));
  assert.equal((await readPredictions(`${ROOT}/plots/predictions.json`, metadata)).length, 4);
  assert.equal((await readTrainingLabels(`${ROOT}/data/labels.csv`, metadata)).length, 10);
  const validation = await validationMetricsFile.read(`${ROOT}/metrics/validation.json`);
  assert.deepEqual(validation, JSON.parse(text("metrics/validation.json")));
  assert.deepEqual(await memorizationFile.read(`${ROOT}/metrics/poison.json`), {
    wrong_labels_memorized: 0.5,
    true_labels_learned: 0.5,
  });
});

test("every figure of version 0.1.0 is read", async () => {
  for (const [name, { read }] of Object.entries(figureFiles)) {
    const file = `plots/figures/${name}.json`;
    assert.deepEqual(await read(`${ROOT}/${file}`), JSON.parse(text(file)), name);
  }
});

test("a model of version 0.1.0 is read", async () => {
  const { classes, base, image, model, weights } = await readModel(`${ROOT}/data/model`);
  assert.deepEqual({ classes, base, size: image.size }, { classes: ["cats", "dogs"], base: "vgg16", size: 32 });
  assert.deepEqual(model, { inputs: 512, hidden: 2, outputs: 1 });
  const lengths = Object.values(weights).map((values) => values.length);
  assert.deepEqual(lengths, [512 * 2, 2, 2, 1]);
});
