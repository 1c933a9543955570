import assert from "node:assert/strict";
import { Random } from "../../src/numbers/random.ts";
import { loadTensorFlow } from "../../src/tensorflow/load.ts";
import type { BuildTopModelBackend } from "../../src/train/backend.ts";
import type { OptimizerParams } from "../../src/train/optimizer.ts";
import { tensorflowBackend } from "../../src/train/tensorflow-backend.ts";
import type { TopModel, TopWeights } from "../../src/train/top-model.ts";
import { wasmBackend } from "../../src/train/wasm-backend.ts";

export const tensorFlow = await loadTensorFlow("cpu");

/** What trains on a CPU, and what trains on a GPU: its operations are the same on both. */
export const TRAINERS: Record<string, BuildTopModelBackend> = {
  kernel: wasmBackend,
  TensorFlow: tensorflowBackend(tensorFlow),
};
export const OPTIMIZERS = ["rmsprop", "adam", "sgd"] as const;

export interface Batch {
  x: Float32Array;
  classes: number[];
}

/** Batches of random features, positive and a third of them zero as VGG16's are, and random classes. */
export function batches(count: number, size: number, model: TopModel): Batch[] {
  const random = new Random(7, "batches");
  return Array.from({ length: count }, () => ({
    x: Float32Array.from({ length: size * model.inputs }, () => Math.max(0, random.normal() + 0.4)),
    classes: Array.from({ length: size }, () => random.integer(Math.max(2, model.outputs))),
  }));
}

/** What the top model is to give out for a batch: one number an image, or one a class. */
export function targets({ classes }: Batch, { outputs }: TopModel): Float32Array {
  return Float32Array.from(
    classes.flatMap((c) => (outputs === 1 ? [c] : Array.from({ length: outputs }, (_, i) => Number(i === c)))),
  );
}

/** Weights after one step per batch. */
export function train(
  build: BuildTopModelBackend,
  model: TopModel,
  start: TopWeights,
  params: OptimizerParams,
  data: Batch[],
  mask: Float32Array | null = null,
): TopWeights {
  const trainer = build(model, start, params, data[0]?.classes.length ?? 1);
  for (const batch of data) trainer.step({ features: batch.x, targets: targets(batch, model), mask });
  const weights = trainer.weights();
  trainer.dispose();
  return weights;
}

/** No number differs from the one expected by more than the tolerance. */
export function assertClose(actual: Float32Array, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  const worst = Math.max(...actual.map((value, i) => Math.abs(value - (expected[i] as number))));
  assert.ok(worst <= tolerance, `${what}: differs by ${worst}`);
}
