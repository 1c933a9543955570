import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findAddon, sourcesDigest } from "../../../src/networks/convolution/addon.mjs";
import { type ConvolutionOptions, loadConvolution } from "../../../src/networks/convolution/convolution.ts";
import { loadAddon } from "../../../src/networks/convolution/native.ts";
import { StageError } from "../../../src/runtime/errors.ts";
import { needs } from "../../support/needs.ts";
import { definition, randomNetwork, type Sample } from "../../support/random-network.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

type Build = Omit<ConvolutionOptions, "size">;

/** Every build that this machine runs and whose bytes are the same. */
const fused: Build[] = [{ build: "wasm" }];
const addonFile = findAddon();
const withAddon = needs(addonFile, "no addon of the convolutions: there is no C++ compiler");
if (addonFile) fused.push(...loadAddon(addonFile).builds.map((isa) => ({ build: "native", isa }) as Build));

async function features({ layers, blocks, size, images, n }: Sample, options: Build): Promise<Float32Array> {
  const convolution = await loadConvolution(layers, blocks, { size, threads: 2, ...options });
  try {
    return await convolution.features(images, n);
  } finally {
    convolution.close();
  }
}

const bytes = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** The largest difference, of the largest value. */
function difference(actual: Float32Array, expected: Float64Array): number {
  assert.equal(actual.length, expected.length);
  let [largest, worst] = [0, 0];
  for (const [i, value] of actual.entries()) {
    largest = Math.max(largest, expected[i] as number);
    worst = Math.max(worst, Math.abs(value - (expected[i] as number)));
  }
  assert.ok(largest > 0);
  return worst / largest;
}

const SAMPLES: Record<string, Sample> = {
  "one convolution, pooled, an odd size": randomNetwork(7, 3, [1], [5], 3),
  "two convolutions, no channel count fits a vector": randomNetwork(13, 3, [2], [9, 33], 5),
  "an image of one channel, of a single tile": randomNetwork(4, 1, [2, 1], [3, 7, 5], 2),
  "every pooling drops a row": randomNetwork(31, 3, [2, 2, 1], [17, 40, 65, 31, 12], 4),
  "more input channels than a photograph has": randomNetwork(22, 37, [1, 3], [33, 34, 70, 64], 3),
  "several vectors of channels, tiles of 6 × 6": randomNetwork(36, 3, [2, 2], [64, 64, 128, 128], 3),
  "larger than 256 pixels, in bands": randomNetwork(417, 3, [2, 2], [6, 5, 4, 3], 1),
};

for (const [name, sample] of Object.entries(SAMPLES))
  test(`${name}: agrees with the definition in float64, and every build with fused multiply-add gives the same bytes`, async () => {
    const expected = definition(sample);
    const first = await features(sample, fused[0] as Build);
    assert.ok(difference(first, expected) < 1e-5, `${difference(first, expected)}`);
    for (const build of fused.slice(1))
      assert.ok(bytes(await features(sample, build)).equals(bytes(first)), JSON.stringify(build));
    const plain = await features(sample, { build: "wasm-plain" });
    assert.ok(difference(plain, expected) < 1e-5, `plain: ${difference(plain, expected)}`);
    assert.ok(!bytes(plain).equals(bytes(first)), "the fall-back rounds otherwise");
  });

test("threads, batches and an image's companions change no byte", async () => {
  const sample = randomNetwork(40, 3, [2, 1, 2], [32, 32, 48, 64, 64], 23);
  const expected = bytes(await features(sample, { build: "wasm", threads: 1 }));
  const [image, row] = [40 * 40 * 3, expected.length / 23];
  for (const build of fused) {
    for (const threads of [1, 2, 3])
      assert.ok(bytes(await features(sample, { ...build, threads })).equals(expected), `${threads} threads`);
    const options = { size: 40, threads: 2, ...build };
    const convolution = await loadConvolution(sample.layers, sample.blocks, options);
    const starts = [0, 1, 5, 6, 16, 23]; // calls overlap
    const parts = starts.slice(1).map((end, i) => {
      const start = starts[i] as number;
      return convolution.features(sample.images.subarray(start * image), end - start);
    });
    assert.ok(Buffer.concat((await Promise.all(parts)).map(bytes)).equals(expected));
    const seventh = await convolution.features(sample.images.slice(7 * image, 8 * image), 1);
    assert.ok(bytes(seventh).equals(expected.subarray(7 * row, 8 * row)), "alone");
    convolution.close();
  }
});

test("more images than a batch are computed all the same", async () => {
  const sample = randomNetwork(150, 3, [1, 1], [4, 4], 19);
  const convolution = await loadConvolution(sample.layers, sample.blocks, { size: 150, threads: 1, build: "wasm" });
  assert.equal(convolution.batch, 8);
  assert.deepEqual(convolution.rowShape, [37, 37, 4]);
  const all = bytes(await convolution.features(sample.images, 19));
  const row = all.length / 19;
  const last = await convolution.features(sample.images.subarray(18 * 150 * 150 * 3), 1);
  assert.ok(bytes(last).equals(all.subarray(18 * row)));
  assert.equal((await convolution.features(sample.images, 0)).length, 0);
  await assert.rejects(convolution.features(sample.images, 20), RangeError);
  convolution.close();
});

test("an image that is too small for the poolings, and weights that do not fit, are refused", async () => {
  const { layers } = randomNetwork(8, 3, [1, 1], [4, 4], 1);
  await assert.rejects(loadConvolution(layers, [1, 1], { size: 3 }), StageError);
  await assert.rejects(loadConvolution(layers, [1, 1, 1], { size: 32 }), RangeError);
  await assert.rejects(loadConvolution(layers.toReversed(), [1, 1], { size: 32 }), RangeError);
});

test("an addon of other sources is refused", withAddon, (t) => {
  const addon = readFileSync(addonFile as string);
  const at = addon.indexOf(sourcesDigest());
  assert.ok(at > 0, "it carries the digest");
  addon.write("0".repeat(64), at);
  const other = join(temporaryFolder(t), "convolution.node");
  writeFileSync(other, addon);
  assert.throws(() => loadAddon(other), { name: "StageError", hint: /npm run setup/ });
  const broken = join(temporaryFolder(t), "convolution.node"); // another file: the first one is in use
  writeFileSync(broken, "no addon");
  assert.throws(() => loadAddon(broken), { name: "StageError", hint: /: rm '.*convolution\.node' && npm run setup$/ });
});

test("a program ends though nobody closed its convolutions, and not before they are done", () => {
  const program = `
    import { loadConvolution } from "./src/networks/convolution/convolution.ts";
    const layers = [{ filter: new Float32Array(27 * 4).fill(1), bias: new Float32Array(4) }];
    async function main() {
      for (const build of ["wasm", "auto", "auto"]) {
        const convolution = await loadConvolution(layers, [1], { size: 32, threads: 2, build });
        const features = await convolution.features(new Float32Array(32 * 32 * 3).fill(1), 1);
        console.log(features[4 * 17]);
      }
    }
    main();`;
  const options = { encoding: "utf8", timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "-e", program], options);
  assert.equal(stdout, "27\n27\n27\n", stderr);
  assert.equal(status, 0);
});
