import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { findAddon } from "../../../src/networks/convolution/addon.mjs";
import { type ConvolutionOptions, loadConvolution } from "../../../src/networks/convolution/convolution.ts";
import { loadAddon } from "../../../src/networks/convolution/native.ts";
import { decodeImage } from "../../../src/networks/pixels/decode.ts";
import { preprocessor } from "../../../src/networks/pixels/preprocess.ts";
import type { ConvolutionWeights } from "../../../src/networks/weights.ts";
import { loadWeights } from "../../../src/weights/find.ts";
import { needs } from "../../support/needs.ts";

const MODES = ["rescale", "caffe"] as const;
type Golden = Record<(typeof MODES)[number], { mean: number; mean_square: number; values: number[] }>;
/** What Keras makes of the same pictures: test/golden/make.py. */
const golden: { size: number; every: number; images: Record<string, Golden> } = JSON.parse(
  readFileSync("test/golden/features.json", "utf8"),
);
const { size, every } = golden;

/** MD5 of the float32 features [2, 4, 4, 512] of both pictures, on every processor. */
const MD5 = {
  cpu: { rescale: "a57b90ae2aa07cb0d90d351458881bb0", caffe: "ef73e0fcd07b5bf92be7f3038292c96b" },
  "cpu-nofma": { rescale: "ea5cfb9c00b59c84da4c3146aceb72f4", caffe: "465551bec464206625ffa8856e6732ba" },
};

/** Largest feature of the pictures, in Keras's features: what errors are measured by. */
const largest = (mode: (typeof MODES)[number]) =>
  Math.max(...Object.values(golden.images).flatMap((image) => image[mode].values));

const addonFile = findAddon();
needs(addonFile, "no addon of the convolutions: there is no C++ compiler");

let layers: ConvolutionWeights[];
const images = {} as Record<(typeof MODES)[number], Float32Array>;
before(async () => {
  ({ layers } = await loadWeights("vgg16"));
  const names = Object.keys(golden.images);
  for (const mode of MODES) {
    images[mode] = new Float32Array(names.length * size * size * 3);
    for (const [i, name] of names.entries()) {
      const pixels = await decodeImage(`test/golden/${name}`, { size, resize: "nearest" });
      preprocessor(mode)(pixels, images[mode], i * size * size * 3);
    }
  }
});

async function check(build: Omit<ConvolutionOptions, "size">): Promise<void> {
  const convolution = await loadConvolution(layers, [2, 2, 3, 3, 3], { size, threads: 2, ...build });
  for (const mode of MODES) {
    const features = await convolution.features(images[mode], 2);
    const row = features.length / 2;
    for (const [i, expected] of Object.values(golden.images).entries())
      for (const [j, value] of expected[mode].values.entries()) {
        const error = Math.abs((features[i * row + j * every] as number) - value) / largest(mode);
        assert.ok(error <= 1e-5, `${mode}, image ${i}, value ${j * every}: ${error} of the largest`);
      }
    const md5 = createHash("md5").update(new Uint8Array(features.buffer)).digest("hex");
    assert.equal(md5, MD5[convolution.backend as keyof typeof MD5][mode], `${convolution.name}, ${mode}`);
  }
  convolution.close();
}

test("WebAssembly with fused multiply-add: Keras's features within 1e-5 of the largest, and the bytes of every processor", () =>
  check({ build: "wasm" }));
test("WebAssembly without fused multiply-add: Keras's features too, and bytes of its own", () =>
  check({ build: "wasm-plain" }));
for (const isa of addonFile ? loadAddon(addonFile).builds : [])
  test(`native ${isa}: the same bytes`, () => check({ build: "native", isa } as Omit<ConvolutionOptions, "size">));
