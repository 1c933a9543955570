import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../src/numbers/random.ts";
import { trainTop } from "../../../src/train/fit.ts";
import type { TopModel, TopWeights } from "../../../src/train/top-model.ts";
import { wasmBackend } from "../../../src/train/wasm-backend.ts";
import { split } from "../../support/trained.ts";

test("training gives back the logits of both splits by its last weights, without dropout", async () => {
  const random = new Random(5, "features");
  const features = (images: number) => Float32Array.from({ length: images * 4 }, () => random.float());
  const values = { train: features(300), validation: features(7) };
  const names = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);
  const sets = {
    train: split(
      names(300),
      names(300).map((_, i) => i % 3),
      values.train,
    ),
    validation: split(
      names(7),
      names(7).map((_, i) => i % 3),
      values.validation,
    ),
  };
  const params = {
    epochs: 2,
    batch_size: 50,
    optimizer: "adam",
    learning_rate: 0.01,
    hidden_units: 5,
    dropout: 0.5,
    export_full: false,
  } as const;
  const follow = { onEpoch: () => {}, onStep: () => {} };
  const result = await trainTop(wasmBackend, sets.train, sets.validation, { numClasses: 3, seed: 1, params }, follow);
  for (const name of ["train", "validation"] as const) {
    const expected = forward(values[name], result);
    const actual = result[`${name}Logits`];
    assert.equal(actual.length, expected.length);
    for (const [i, value] of expected.entries())
      assert.ok(Math.abs((actual[i] as number) - value) < 1e-5, `${name} ${i}`);
  }
});

/** The top model in float64. */
function forward(values: Float32Array, { model, weights }: { model: TopModel; weights: TopWeights }): number[] {
  const layer = (x: number[], kernel: Float32Array, bias: Float32Array) =>
    Array.from(bias, (b, j) => x.reduce((sum, value, i) => sum + value * (kernel[i * bias.length + j] as number), b));
  return Array.from({ length: values.length / model.inputs }, (_, i) => {
    const x = [...values.subarray(i * model.inputs, (i + 1) * model.inputs)];
    const hidden = layer(x, weights.hiddenKernel, weights.hiddenBias).map((z) => Math.max(0, z));
    return layer(hidden, weights.outputKernel, weights.outputBias);
  }).flat();
}
