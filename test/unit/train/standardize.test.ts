import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../src/numbers/random.ts";
import { trainTop } from "../../../src/train/fit.ts";
import { type Standardization, scaledReader, scalingOf } from "../../../src/train/standardize.ts";
import { wasmBackend } from "../../../src/train/wasm-backend.ts";
import { split } from "../../support/trained.ts";

const named = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);
const setOf = (values: number[], targets: number[]) => split(named(targets.length), targets, Float32Array.from(values));

async function scaled(name: Standardization, train: number[], rows: number, values: number[]) {
  const scaling = await scalingOf(name, setOf(train, new Array(rows).fill(0)).features);
  const { features } = setOf(values, [0]);
  const row = new Float32Array(values.length);
  scaledReader(features, scaling).read([0], row);
  return Array.from(row, (value) => value + 0); // -0 is 0
}

test("none leaves features as they are", async () => {
  assert.equal(await scalingOf("none", setOf([1, 2], [0]).features), undefined);
  assert.deepEqual(await scaled("none", [1, 2], 1, [3, 4]), [3, 4]);
});

test("l2 gives each row a mean square of 1, and leaves zeros", async () => {
  assert.deepEqual(await scaled("l2", [1, 1, 1, 1], 1, [3, 0, 4, 0]), [Math.fround(1.2), 0, Math.fround(1.6), 0]);
  assert.deepEqual(await scaled("l2", [1, 1, 1, 1], 1, [0, 0, 0, 0]), [0, 0, 0, 0]);
});

test("zscore takes mean and deviation of the training rows; what is constant there is 0 anywhere", async () => {
  // 1, 3: mean 2, deviation 1; 10, 30: 20 and 10; 7, 7 constant; 1e4 and 1e4 + 1 differ by rounding
  const train = [1, 10, 7, 1e4, 3, 30, 7, 1e4 + 1];
  assert.deepEqual(await scaled("zscore", train, 2, [5, 0, 70, 3]), [3, -2, 0, 0]);
});

for (const name of ["l2", "zscore"] as const)
  test(`${name}: the model that comes out gives the logits of training from raw features`, async () => {
    const random = new Random(6);
    const row = () => [200 * random.float(), 1000, 50 + random.normal(), random.float() < 0.7 ? 0 : 90];
    const values = (rows: number) => Array.from({ length: rows }, row).flat();
    const targets = (rows: number) => Array.from({ length: rows }, (_, i) => i % 3);
    const [train, validation] = [setOf(values(150), targets(150)), setOf(values(30), targets(30))];
    const result = await trainTop(wasmBackend, train, validation, options(name, 3, 3), follow);
    const { model, weights } = result;
    assert.equal(model.unitLength, name === "l2" ? true : undefined);
    const raw = new Float32Array(30 * 4);
    validation.features.read(
      validation.targets.map((_, i) => i),
      raw,
    );
    for (let b = 0; b < 30; b++) {
      const x = [...raw.subarray(b * 4, b * 4 + 4)];
      const length = name === "l2" ? Math.hypot(...x) : 1;
      const hidden = [...weights.hiddenBias].map((bias, j) =>
        Math.max(
          0,
          x.reduce((sum, v, i) => sum + (v / length) * (weights.hiddenKernel[i * model.hidden + j] as number), bias),
        ),
      );
      for (let k = 0; k < 3; k++) {
        const logit = hidden.reduce(
          (sum, h, j) => sum + h * (weights.outputKernel[j * 3 + k] as number),
          weights.outputBias[k] as number,
        );
        assert.ok(Math.abs(logit - (result.validationLogits[b * 3 + k] as number)) < 1e-4, `${b}, ${k}`);
      }
    }
  });

const follow = { onEpoch: () => {}, onStep: () => {} };
const options = (standardize: Standardization, numClasses: number, epochs: number) => ({
  numClasses,
  seed: 1,
  params: {
    epochs,
    batch_size: 10,
    optimizer: "rmsprop",
    learning_rate: 0.001,
    hidden_units: 64,
    dropout: 0.5,
    standardize,
  } as const,
});

test("40 classes with values as large as caffe's are learnt by l2 and zscore, not without", async () => {
  const [classes, width, random] = [40, 256, new Random(8)];
  // Sparse, positive, up to hundreds, much of it common to all classes: as a network's last ReLU leaves them.
  const sparse = () => Array.from({ length: width }, () => (random.float() < 0.7 ? 0 : 40 * Math.abs(random.normal())));
  const prototypes = Array.from({ length: classes }, sparse);
  const rows = (each: number) => {
    const targets = Array.from({ length: classes * each }, (_, i) => i % classes);
    const values = targets.flatMap((target) => {
      const noise = sparse();
      return noise.map((value, i) => value + 0.7 * (prototypes[target]?.[i] as number));
    });
    return setOf(values, targets);
  };
  const [train, validation] = [rows(12), rows(5)];
  const accuracy: Record<string, number> = {};
  for (const name of ["none", "l2", "zscore"] as const) {
    const { history } = await trainTop(wasmBackend, train, validation, options(name, classes, 12), follow);
    accuracy[name] = history.at(-1)?.val_accuracy as number;
  }
  const { none, l2, zscore } = accuracy as Record<Standardization, number>;
  assert.ok(none < 0.5 && l2 > 0.9 && zscore > 0.9, JSON.stringify(accuracy));
});
