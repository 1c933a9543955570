import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../src/numbers/random.ts";
import type { BuildTopModelBackend } from "../../../src/train/backend.ts";
import { tensorflowBackend } from "../../../src/train/tensorflow-backend.ts";
import { initialWeights, type TopModel, type TopWeights, WEIGHT_NAMES } from "../../../src/train/top-model.ts";
import { wasmBackend } from "../../../src/train/wasm-backend.ts";
import {
  assertClose,
  type Batch,
  batches,
  OPTIMIZERS,
  TRAINERS,
  targets,
  tensorFlow,
  train,
} from "../../support/training.ts";

/** Mean cross-entropy in float64, written down as in a textbook: the independent reference of the gradients. */
function loss(
  w: Record<keyof TopWeights, ArrayLike<number>>,
  model: TopModel,
  { x, classes }: Batch,
  mask: Float32Array,
): number {
  let total = 0;
  for (const [row, target] of classes.entries()) {
    const hidden = Array.from({ length: model.hidden }, (_, j) => {
      let sum = w.hiddenBias[j] as number;
      for (let i = 0; i < model.inputs; i++)
        sum += (x[row * model.inputs + i] as number) * (w.hiddenKernel[i * model.hidden + j] as number);
      return Math.max(0, sum) * (mask[row * model.hidden + j] as number);
    });
    const z = Array.from({ length: model.outputs }, (_, k) =>
      hidden.reduce(
        (sum, h, j) => sum + h * (w.outputKernel[j * model.outputs + k] as number),
        w.outputBias[k] as number,
      ),
    );
    if (model.outputs === 1) total -= Math.log(1 / (1 + Math.exp(target === 1 ? -(z[0] as number) : (z[0] as number))));
    else total -= (z[target] as number) - Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0));
  }
  return total / classes.length;
}

for (const [name, build] of Object.entries(TRAINERS)) {
  for (const outputs of [1, 3, 18]) {
    test(`${name}: gradients agree with finite differences, ${outputs} output(s), with dropout`, () =>
      compareGradients(build, { inputs: 7, hidden: 19, outputs }));
  }
}

function compareGradients(build: BuildTopModelBackend, model: TopModel) {
  const start = initialWeights(model, 3);
  const [batch] = batches(1, 6, model) as [Batch];
  const random = new Random(1, "mask");
  const mask = Float32Array.from({ length: 6 * model.hidden }, () => (random.float() < 0.3 ? 0 : 1 / 0.7));
  const after = train(build, model, start, { optimizer: "sgd", learning_rate: 1 }, [batch], mask);
  for (const name of WEIGHT_NAMES) {
    for (const i of start[name].keys()) {
      const shifted = (by: number) => ({
        ...start,
        [name]: Array.from(start[name], (value, j) => (j === i ? value + by : value)),
      });
      const expected = (loss(shifted(1e-4), model, batch, mask) - loss(shifted(-1e-4), model, batch, mask)) / 2e-4;
      const gradient = (start[name][i] as number) - (after[name][i] as number);
      assert.ok(Math.abs(gradient - expected) < 2e-6, `${name}[${i}]: ${gradient}, expected ${expected}`);
    }
  }
}

test("the kernel trains as TensorFlow's kernels do, also where features are mostly zero, seldom seen, or never", () => {
  const model = { inputs: 40, hidden: 24, outputs: 1 };
  const data = batches(60, 4, model);
  for (const [i, { x }] of data.entries())
    for (const at of x.keys()) if (at % model.inputs < 20 && (i + at) % 9 !== 0) x[at] = 0;
  for (const { x } of data) for (const at of x.keys()) if (at % model.inputs === 3) x[at] = 0;
  for (const optimizer of OPTIMIZERS) {
    const params = { optimizer, learning_rate: 0.01 };
    const [own, reference] = Object.values(TRAINERS).map((build) =>
      train(build, model, initialWeights(model, 1), params, data),
    ) as [TopWeights, TopWeights];
    for (const name of WEIGHT_NAMES) assertClose(own[name], reference[name], 1e-5, `${optimizer} ${name}`);
  }
});

test("the kernel trains as TensorFlow does where batches differ in size and units do not fill a panel", () => {
  const model = { inputs: 12, hidden: 19, outputs: 18 };
  const data = [...batches(4, 6, model), ...batches(4, 2, model), ...batches(4, 5, model)];
  const params = { optimizer: "rmsprop", learning_rate: 0.01 } as const;
  const [own, reference] = Object.values(TRAINERS).map((build) =>
    train(build, model, initialWeights(model, 1), params, data),
  ) as [TopWeights, TopWeights];
  for (const name of WEIGHT_NAMES) assertClose(own[name], reference[name], 1e-5, name);
});

test("both trainers give the logits that training saw, in order, and those of features, without dropout", () => {
  const model = { inputs: 9, hidden: 17, outputs: 3 };
  const data = batches(3, 5, model);
  const mask = Float32Array.from({ length: 5 * model.hidden }, (_, i) => (i % 2 === 0 ? 0 : 2));
  const [own, reference] = Object.values(TRAINERS).map((build) => {
    const trainer = build(model, initialWeights(model, 1), { optimizer: "adam", learning_rate: 0.01 }, 5);
    for (const batch of data) trainer.step({ features: batch.x, targets: targets(batch, model), mask });
    const seen = trainer.trainingLogits();
    const told = trainer.logits((data[0] as Batch).x.subarray(0, 2 * model.inputs));
    trainer.dispose();
    return { seen, told };
  });
  assert.ok(own && reference);
  assert.equal(own.seen.length, 3 * 5 * 3);
  assert.equal(own.told.length, 2 * 3);
  for (const name of ["seen", "told"] as const) assertClose(own[name], reference[name], 1e-5, name);
});

test("the kernel gives the same bytes on one thread and on several", () => {
  const model = { inputs: 33, hidden: 70, outputs: 3 }; // five panels
  const data = batches(20, 6, model);
  const params = { optimizer: "rmsprop", learning_rate: 0.01 } as const;
  const [one, two, many] = [1, 2, 7].map((threads) =>
    train((...args) => wasmBackend(...args, threads), model, initialWeights(model, 1), params, data),
  );
  assert.deepEqual(two, one);
  assert.deepEqual(many, one);
  assert.notDeepEqual(one, initialWeights(model, 1));
});

test("a model that takes more than 4 GiB is an error that names the parameters", () => {
  const model = { inputs: 2 ** 17, hidden: 2 ** 13, outputs: 1 };
  const weights = { ...initialWeights({ inputs: 1, hidden: 1, outputs: 1 }, 1) };
  assert.throws(() => wasmBackend(model, weights, { optimizer: "adam", learning_rate: 0.01 }, 64), {
    name: "StageError",
    message: /^train\.hidden_units is 8192, train\.batch_size 64: with 131072 features/,
  });
});

test("training with TensorFlow frees every tensor it makes", () => {
  const model = { inputs: 10, hidden: 4, outputs: 1 };
  const before = tensorFlow.tf.memory().numTensors;
  const params = { optimizer: "adam", learning_rate: 0.01 } as const;
  train(tensorflowBackend(tensorFlow), model, initialWeights(model, 1), params, batches(5, 3, model));
  assert.equal(tensorFlow.tf.memory().numTensors, before);
});
