import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Tensor2D } from "@tensorflow/tfjs";
import { Random } from "../src/random.ts";
import { type Compute, loadTensorFlow } from "../src/tensorflow.ts";
import type { OptimizerParams } from "../src/train/optimizer.ts";
import { initialWeights, type TopModel, type TopWeights, WEIGHT_NAMES } from "../src/train/top-model.ts";
import { buildTrainer } from "../src/train/trainer.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const native = await loadTensorFlow("cpu");
const OPTIMIZERS = ["rmsprop", "adam", "sgd"] as const;

interface Batch {
  x: Float32Array;
  classes: number[];
}

/** Batches of random features, positive and a third of them zero as VGG16's are, and random classes. */
function batches(count: number, size: number, model: TopModel): Batch[] {
  const random = new Random(7, "batches");
  return Array.from({ length: count }, () => ({
    x: Float32Array.from({ length: size * model.inputs }, () => Math.max(0, random.normal() + 0.4)),
    classes: Array.from({ length: size }, () => random.integer(Math.max(2, model.outputs))),
  }));
}

function targets({ classes }: Batch, { outputs }: TopModel): Float32Array {
  return Float32Array.from(
    classes.flatMap((c) => (outputs === 1 ? [c] : Array.from({ length: outputs }, (_, i) => Number(i === c)))),
  );
}

/** Weights after one step per batch. */
function train(
  { tf, ...compute }: Compute,
  model: TopModel,
  start: TopWeights,
  params: OptimizerParams,
  data: Batch[],
  mask?: Float32Array,
): TopWeights {
  const trainer = buildTrainer({ tf, ...compute }, model, start, params);
  for (const batch of data) {
    const n = batch.classes.length;
    const tensors: Tensor2D[] = [
      tf.tensor2d(batch.x, [n, model.inputs]),
      tf.tensor2d(targets(batch, model), [n, model.outputs]),
    ];
    if (mask) tensors.push(tf.tensor2d(mask, [n, model.hidden]));
    tensors.push(trainer.step(tensors[0] as Tensor2D, tensors[1] as Tensor2D, tensors[2] ?? null));
    tf.dispose(tensors);
  }
  const weights = trainer.weights();
  trainer.dispose();
  return weights;
}

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

for (const outputs of [1, 3]) {
  test(`gradients agree with finite differences, ${outputs} output(s), with dropout`, () => {
    const model = { inputs: 7, hidden: 5, outputs };
    const start = initialWeights(model, 3);
    const [batch] = batches(1, 6, model) as [Batch];
    const random = new Random(1, "mask");
    const mask = Float32Array.from({ length: 6 * model.hidden }, () => (random.float() < 0.3 ? 0 : 1 / 0.7));
    const after = train(native, model, start, { optimizer: "sgd", learning_rate: 1 }, [batch], mask);
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
  });
}

test("plain operations update as TensorFlow's fused kernels do", async () => {
  const model = { inputs: 20, hidden: 8, outputs: 1 };
  const data = batches(30, 4, model);
  for (const optimizer of OPTIMIZERS) {
    const params = { optimizer, learning_rate: 0.01 };
    const fused = train(native, model, initialWeights(model, 1), params, data);
    const plain = train({ ...native, backend: "wasm" }, model, initialWeights(model, 1), params, data);
    for (const name of WEIGHT_NAMES) assertClose(plain[name], fused[name], 1e-5, `${optimizer} ${name}`);
  }
});

test("50 steps end where Keras's do, for every optimizer, with one and with three outputs", (t) => {
  const folder = temporaryFolder(t);
  const cases = [1, 3].map((outputs) => {
    const model = { inputs: 64, hidden: 16, outputs };
    return { model, start: initialWeights(model, 5), data: batches(50, 10, model) };
  });
  const requests = cases.map(({ model, start, data }) => ({
    ...model,
    optimizers: OPTIMIZERS,
    learning_rate: 0.01,
    weights: WEIGHT_NAMES.map((name) => [...start[name]]),
    batches: data.map((batch) => ({ x: [...batch.x], y: [...targets(batch, model)] })),
  }));
  writeFileSync(join(folder, "requests.json"), JSON.stringify(requests));
  execFileSync(
    ".venv/bin/python",
    ["test/keras/train.py", join(folder, "requests.json"), join(folder, "answers.json")],
    { stdio: "ignore" },
  );
  const answers: Record<string, number[][]>[] = JSON.parse(readFileSync(join(folder, "answers.json"), "utf8"));
  for (const [c, { model, start, data }] of cases.entries()) {
    for (const optimizer of OPTIMIZERS) {
      const ours = train(native, model, start, { optimizer, learning_rate: 0.01 }, data);
      for (const [i, name] of WEIGHT_NAMES.entries()) {
        assertClose(
          ours[name],
          answers[c]?.[optimizer]?.[i] ?? [],
          1e-4,
          `${optimizer} ${name}, ${model.outputs} output(s)`,
        );
      }
    }
  }
});

test("training frees every tensor it makes", () => {
  const model = { inputs: 10, hidden: 4, outputs: 1 };
  const before = native.tf.memory().numTensors;
  train(native, model, initialWeights(model, 1), { optimizer: "adam", learning_rate: 0.01 }, batches(5, 3, model));
  assert.equal(native.tf.memory().numTensors, before);
});

function assertClose(actual: Float32Array, expected: ArrayLike<number>, tolerance: number, what: string) {
  assert.equal(actual.length, expected.length, what);
  const worst = Math.max(...actual.map((value, i) => Math.abs(value - (expected[i] as number))));
  assert.ok(worst <= tolerance, `${what}: differs by ${worst}`);
}
