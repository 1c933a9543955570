import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Classification, classifyImages } from "../../../../src/commands/predict/classify.ts";
import { findImages } from "../../../../src/commands/predict/find-images.ts";
import { readModel } from "../../../../src/commands/predict/load-model.ts";
import { writeModels } from "../../../../src/export/write-models.ts";
import type { ConvolutionalBase } from "../../../../src/networks/network.ts";
import { initialWeights } from "../../../../src/train/top-model.ts";
import { image as picture } from "../../../support/image-fixtures.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const image = { size: 32, resize: "nearest", preprocess: "caffe" } as const;

/** A folder with a model of random weights for 32 px, so features [1, 1, 512]. */
async function writeModel(t: TestContext, classes = ["cats", "dogs"]) {
  const folder = temporaryFolder(t);
  const model = { inputs: 512, hidden: 8, outputs: classes.length === 2 ? 1 : classes.length };
  const weights = initialWeights(model, 3);
  await writeModels(
    folder,
    { model, weights },
    { classes, featureShape: [1, 1, 512], dropout: 0.5, base: "vgg16", image },
  );
  return { folder, model, weights };
}

test("images come in order, batch after batch, whatever is wrong with some of them", async (t) => {
  const folder = temporaryFolder(t);
  const total = 70; // several batches
  const bad = [5, 31, ...Array.from({ length: 6 }, (_, i) => 64 + i)]; // the last batch has nothing but
  for (let i = 0; i < total; i++)
    writeFileSync(join(folder, `${i}.png`), bad.includes(i) ? "no picture" : await picture(i).png().toBuffer());
  const { folder: model } = await writeModel(t, ["a", "b", "c"]);
  const sizes: number[] = [];
  /** Features that tell the pictures apart: the first is the mean over all pixels and channels. */
  const base: ConvolutionalBase = {
    name: "mean",
    backend: "mean",
    rowShape: [1, 1, 512],
    batch: 16,
    async features(images, n) {
      sizes.push(n);
      const features = new Float32Array(n * 512);
      const length = images.length / n;
      for (let i = 0; i < n; i++)
        features[i * 512] = images.subarray(i * length, (i + 1) * length).reduce((a, b) => a + b, 0) / length;
      return features;
    },
    close() {},
  };
  const saved = await readModel(model);
  const refused: string[] = [];
  const files = await findImages([folder]);
  const batches: Classification[][] = [];
  for await (const batch of classifyImages(base, saved, files, (_, file) => refused.push(file))) batches.push(batch);
  assert.ok(sizes.length > 1 && !sizes.includes(0), `batches of ${sizes}`);
  assert.equal(
    sizes.reduce((a, b) => a + b),
    total - bad.length,
  );
  assert.deepEqual(
    refused,
    bad.map((i) => join(folder, `${i}.png`)),
  );
  const good = Array.from({ length: total }, (_, i) => i).filter((i) => !bad.includes(i));
  assert.deepEqual(
    batches.flat().map((result) => result.image),
    good.map((i) => join(folder, `${i}.png`)),
  );
  const [first] = batches.flat() as [Classification];
  assert.deepEqual(Object.keys(first.probabilities), ["a", "b", "c"]);
  const sum = Object.values(first.probabilities).reduce((a, b) => a + b);
  assert.ok(Math.abs(sum - 1) < 1e-6, `sum ${sum}`);
  const alone = classifyImages(base, saved, [files[40] as string], () => {});
  assert.deepEqual(
    (await alone.next()).value,
    batches.flat().filter((result) => result.image === files[40]),
  );
});

test("weights that are finite, but add up to no number, are named and give no class", async (t) => {
  const { folder } = await writeModel(t);
  const file = join(folder, "weights.bin");
  const weights = new Float32Array(readFileSync(file).length / 4);
  writeFileSync(file, Buffer.from(weights.map((_, i) => (i < 512 * 8 || i % 2 ? 3e38 : -3e38)).buffer));
  const picturePath = join(temporaryFolder(t), "a.png");
  writeFileSync(picturePath, await picture(1).png().toBuffer());
  const base: ConvolutionalBase = {
    name: "ones",
    backend: "ones",
    rowShape: [1, 1, 512],
    batch: 1,
    features: async (_, n) => new Float32Array(n * 512).fill(1),
    close() {},
  };
  const classes = classifyImages(base, await readModel(folder), [picturePath], () => {});
  await assert.rejects(classes.next(), {
    name: "StageError",
    message: `${file}: the weights are too large, and give no probability: the training diverged.`,
    hint: /smaller train\.learning_rate/,
  });
});
