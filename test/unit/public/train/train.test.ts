import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  type LabelledTable,
  predict,
  readModel,
  type TrainOptions,
  trainTop,
  writeModel,
} from "../../../../src/public/train.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const params = {
  epochs: 40,
  batch_size: 4,
  optimizer: "adam",
  learning_rate: 0.1,
  hidden_units: 8,
  dropout: 0,
} as const;
const options: TrainOptions = { classes: ["a", "b"], seed: 1, params, device: "cpu" };

/** Of class 0 the first value is high, of class 1 the second one, and so on. */
const table = (classes: number, n: number): LabelledTable => ({
  features: {
    shape: [n, classes],
    values: Float32Array.from({ length: n * classes }, (_, i) =>
      Number(i % classes === Math.floor(i / classes) % classes),
    ),
  },
  targets: Array.from({ length: n }, (_, i) => i % classes),
});

test("learns what can be learned, of two classes and of three, and says what it makes of the rows", async () => {
  for (const classes of [2, 3]) {
    const names = ["a", "b", "c"].slice(0, classes);
    const epochs: number[] = [];
    const top = await trainTop(table(classes, 12), table(classes, 6), {
      ...{ ...options, classes: names },
      onEpoch: ({ epoch }) => void epochs.push(epoch),
    });
    assert.equal(top.history.at(-1)?.val_accuracy, 1);
    assert.equal(epochs.length, 40);
    assert.deepEqual([top.probabilities.train.length, top.probabilities.validation.length], [12, 6]);
    assert.deepEqual([top.classes, top.featureShape, top.backend], [names, [classes], "cpu"]);
    // predict computes what the last epoch's validation did.
    assert.deepEqual(predict(top, table(classes, 6).features.values), top.probabilities.validation);
    for (const row of top.probabilities.train) assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-9);
  }
});

test("equal seeds, equal weights; more rows than are judged at once", async () => {
  const train = (seed: number) =>
    trainTop(table(2, 200), table(2, 130), { ...options, seed, params: { ...params, epochs: 1 } });
  const [one, same, other] = [await train(1), await train(1), await train(2)];
  assert.deepEqual(one.weights, same.weights);
  assert.notDeepEqual(one.weights, other.weights);
  assert.deepEqual(predict(one, table(2, 130).features.values), one.probabilities.validation);
  assert.deepEqual(predict(one, new Float32Array()), []);
});

test("a model is read as it was written, of flat features and of images'; files are the same each time", async (t) => {
  const folder = temporaryFolder(t);
  const top = await trainTop(table(2, 8), table(2, 8), { ...options, params: { ...params, epochs: 2 } });
  const image = { size: 32, resize: "nearest", preprocess: "rescale" } as const;
  for (const [name, featureShape, notes] of [
    ["flat", [2], {}],
    ["again", [2], {}],
    ["images", [1, 1, 2], { base: "vgg16", image }],
  ] as const) {
    await writeModel(join(folder, name), { ...top, featureShape: [...featureShape] }, notes);
    const { model, weights, classes } = top;
    assert.deepEqual(await readModel(join(folder, name)), { model, weights, classes, featureShape, ...notes });
  }
  for (const file of ["model.json", "weights.bin", "model.keras", "model.weights.h5"])
    assert.ok(readFileSync(join(folder, "flat", file)).equals(readFileSync(join(folder, "again", file))), file);
  const layers = JSON.parse(readFileSync(join(folder, "flat", "model.json"), "utf8")).modelTopology.model_config.config
    .layers;
  assert.deepEqual(
    layers.map(({ class_name }: { class_name: string }) => class_name),
    ["Dense", "Dropout", "Dense"],
  );
  assert.ok(!existsSync(join(folder, "flat", "full.keras")));
  writeFileSync(join(folder, "flat", "weights.bin"), new Uint8Array(4));
  await assert.rejects(readModel(join(folder, "flat")), {
    name: "StageError",
    message: /weights\.bin: it has 4 bytes instead of/,
  });
  writeFileSync(join(folder, "again", "weights.bin"), readFileSync(join(folder, "again", "weights.bin")).fill(255));
  await assert.rejects(readModel(join(folder, "again")), { message: /the training diverged/ });
  await assert.rejects(readModel(join(folder, "none")), { name: "StageError", message: /model\.json: no such file/ });
});

test("what cannot be trained on is refused by name and place", async () => {
  const good = table(2, 4);
  const refused = (train: object, more: object, message: RegExp) =>
    assert.rejects(trainTop({ ...good, ...train }, good, { ...options, ...more }), { name: "StageError", message });
  await refused({ targets: [0, 1] }, {}, /^train: there are 2 targets for 4 rows/);
  await refused({ targets: [0, 1, 2, 0] }, {}, /^train: targets\[2\] is 2; it must be a class number, 0 to 1/);
  await refused(
    { features: { shape: [4, 3], values: new Float32Array(8) } },
    {},
    /^the shape is \[4, 3\] for 8 values/,
  );
  await refused({ features: { shape: [8], values: new Float32Array(8) } }, {}, /^the shape is \[8\]/);
  const nan = Float32Array.of(0, 0, 0, Number.NaN, 0, 0, 0, 0);
  await refused({ features: { shape: [4, 2], values: nan } }, {}, /^train: row 1 holds NaN/);
  await refused(
    { features: { shape: [4, 1, 2], values: new Float32Array(8) } },
    {},
    /^train: a row has the shape \[1, 2\], validation: \[2\]/,
  );
  await refused({}, { classes: ["a"] }, /^classes are a; there must be two or more/);
  await refused({}, { classes: ["a", "a"] }, /^classes are a, a;/);
  await refused({}, { seed: -1 }, /^seed is -1/);
  for (const [key, value] of Object.entries({
    epochs: 0,
    batch_size: 1.5,
    hidden_units: 0,
    optimizer: "lion",
    learning_rate: 0,
    dropout: 1,
  }))
    await refused({}, { params: { ...params, [key]: value } }, new RegExp(`^params\\.${key} is ${value}; it must be`));
  const top = await trainTop(good, good, { ...options, params: { ...params, epochs: 1 } });
  assert.throws(() => predict(top, new Float32Array(3)), { message: /^there are 3 values; a row of features has 2/ });
});
