import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { loadBase } from "../../../src/networks/load-base.ts";
import { featureShape } from "../../../src/networks/network.ts";
import { decodeImage } from "../../../src/networks/pixels/decode.ts";
import { preprocessor } from "../../../src/networks/pixels/preprocess.ts";
import { vgg16 } from "../../../src/networks/vgg16/vgg16.ts";
import type { NetworkWeights } from "../../../src/networks/weights.ts";
import { loadTensorFlow } from "../../../src/tensorflow/load.ts";
import { loadWeights } from "../../../src/weights/find.ts";

/** What Keras makes of the same pictures: test/golden/make.py. */
const golden: {
  size: number;
  every: number;
  images: Record<
    string,
    { pixels_sha256: string } & Record<"rescale" | "caffe", { mean: number; mean_square: number; values: number[] }>
  >;
} = JSON.parse(readFileSync("test/golden/features.json", "utf8"));
const { size, every } = golden;

let weights: NetworkWeights;
before(async () => {
  weights = await loadWeights("vgg16");
});

for (const [name, expected] of Object.entries(golden.images)) {
  test(`${name}: decoded and resized to exactly Keras's pixels`, async () => {
    const pixels = await decodeImage(`test/golden/${name}`, { size, resize: "nearest" });
    assert.equal(createHash("sha256").update(pixels).digest("hex"), expected.pixels_sha256);
  });
  for (const mode of ["rescale", "caffe"] as const) testFeatures(name, mode);
}

function testFeatures(name: string, mode: "rescale" | "caffe") {
  test(`${name}: features of TensorFlow agree with Keras's, ${mode}`, async () => {
    const base = await loadBase(vgg16, weights, size, "tensorflow");
    const { tf } = await loadTensorFlow("cpu");
    const before = tf.memory().numTensors;
    const pixels = await decodeImage(`test/golden/${name}`, { size, resize: "nearest" });
    const input = new Float32Array(pixels.length);
    preprocessor(mode)(pixels, input, 0);
    const ours = await base.features(input, 1);
    const { mean, mean_square, values } = (golden.images[name] as (typeof golden.images)[string])[mode];
    // 1e-4 of each value; near zero, of the root mean square of all.
    const tolerance = (value: number) => 1e-4 * Math.max(value, Math.sqrt(mean_square));
    for (const [i, value] of values.entries()) {
      assert.ok(
        Math.abs((ours[i * every] as number) - value) <= tolerance(value),
        `value ${i * every}: ${ours[i * every]}, Keras ${value}`,
      );
    }
    const average = (f: (value: number) => number) => ours.reduce((sum, value) => sum + f(value), 0) / ours.length;
    assert.ok(Math.abs(average((v) => v) - mean) <= 1e-4 * mean);
    assert.ok(Math.abs(average((v) => v * v) - mean_square) <= 2e-4 * mean_square);
    assert.equal(tf.memory().numTensors, before, "every tensor is freed");
    assert.deepEqual(base.rowShape, featureShape(vgg16, size));
    assert.match(base.backend, /^tensorflow \d\S+ cpu$/);
    base.close();
  });
}
