import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import type { Tensor4D } from "@tensorflow/tfjs";
import { type Classification, classifyImages } from "../../../src/commands/predict/classify.ts";
import { findImages } from "../../../src/commands/predict/find-images.ts";
import { loadModel, readModel } from "../../../src/commands/predict/load-model.ts";
import { writeModels } from "../../../src/export/write-models.ts";
import type { ConvolutionalBase } from "../../../src/networks/network.ts";
import { decodeImage } from "../../../src/networks/pixels/decode.ts";
import { preprocessor } from "../../../src/networks/pixels/preprocess.ts";
import { vgg16 } from "../../../src/networks/vgg16/vgg16.ts";
import { type Compute, loadTensorFlow } from "../../../src/tensorflow/load.ts";
import { probabilitiesOf } from "../../../src/train/cross-entropy.ts";
import { initialWeights } from "../../../src/train/top-model.ts";
import { wasmBackend } from "../../../src/train/wasm-backend.ts";
import { loadWeights } from "../../../src/weights/find.ts";
import { image as picture } from "../../support/image-fixtures.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const image = { size: 32, resize: "nearest", preprocess: "caffe" } as const;
let compute: Compute;
before(async () => {
  compute = await loadTensorFlow("cpu");
});

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

const predict = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "src/commands/predict.ts", ...args],
    {
      encoding: "utf8",
    },
  );
  return { status, stdout, stderr };
};

test("npm run predict: the pipeline's probabilities, in JSON and as a table; a damaged image is named", async (t) => {
  const { folder, model, weights } = await writeModel(t);
  const pictures = temporaryFolder(t);
  mkdirSync(join(pictures, "more"));
  const [cat, dog, damaged] = ["cat.jpg", "more/dog.jpg", "damaged.jpg"].map((name) => join(pictures, name)) as [
    string,
    string,
    string,
  ];
  cpSync("test/golden/cat.4362.jpg", cat);
  cpSync("test/golden/dog.4203.jpg", dog);
  writeFileSync(damaged, readFileSync(cat).subarray(0, 2000));

  const { tf } = compute;
  const base = vgg16.build(compute, await loadWeights("vgg16"));
  const trainer = wasmBackend(model, weights, { optimizer: "sgd", learning_rate: 1 }, 1);
  const expected: number[] = [];
  for (const file of [cat, dog]) {
    const input = new Float32Array(32 * 32 * 3);
    preprocessor("caffe")(await decodeImage(file, image), input, 0);
    const features = base.features(tf.tensor4d(input, [1, 32, 32, 3])).dataSync<"float32">();
    const [row] = probabilitiesOf(trainer.logits(features), 1);
    expected.push(row?.[1] as number);
  }
  assert.ok(Math.abs((expected[0] as number) - (expected[1] as number)) > 1e-3, "the pictures are told apart");

  const json = predict("--model", folder, "--json", pictures);
  assert.equal(json.status, 1, json.stderr);
  assert.ok(json.stderr.includes(`predict: ${damaged}: cannot be decoded: `), json.stderr);
  const [first, second, refused] = JSON.parse(json.stdout) as (Classification & { error?: string })[];
  for (const [i, [result, file]] of (
    [
      [first, cat],
      [second, dog],
    ] as const
  ).entries()) {
    assert.equal(result?.image, file);
    const { cats, dogs } = result.probabilities as { cats: number; dogs: number };
    assert.ok(Math.abs(dogs - (expected[i] as number)) < 1e-6, `${dogs}, expected ${expected[i]}`);
    assert.ok(Math.abs(cats + dogs - 1) < 1e-9, `${cats} + ${dogs}`);
    assert.deepEqual([result.class, result.probability], dogs > 0.5 ? ["dogs", dogs] : ["cats", cats]);
  }
  assert.equal(refused?.image, damaged);
  assert.match(refused?.error ?? "", /cannot be decoded/);

  const table = predict("--model", folder, dog, cat);
  assert.equal(table.status, 0, table.stderr);
  const lines = [second, first].map((row) => [row?.image.padEnd(dog.length), row?.class, row?.probability.toFixed(4)]);
  assert.deepEqual(
    table.stdout
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(/ {2,}/).map((cell) => cell.trim())),
    lines.map((line) => line.map((cell) => cell?.trim())),
  );
});

test("a missing model, image or argument is said at once", (t) => {
  const nowhere = join(temporaryFolder(t), "nowhere");
  for (const [args, message] of [
    [["test/golden", "--model", nowhere], `${nowhere}: no trained model`],
    [[nowhere], `${nowhere}: no such file or folder.`],
    [[], "name at least one image or folder."],
    [["--colour", "red"], "Unknown option '--colour'"],
  ] as const) {
    const { status, stdout, stderr } = predict(...args);
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.ok(stderr.includes(message), stderr);
    assert.doesNotMatch(stderr, /\n {4}at /, "no stack");
  }
});

test("images come in order, batch after batch, whatever is wrong with some of them", async (t) => {
  const folder = temporaryFolder(t);
  const total = 70; // several batches
  const bad = [5, 31, ...Array.from({ length: 6 }, (_, i) => 64 + i)]; // the last batch has nothing but
  for (let i = 0; i < total; i++)
    writeFileSync(join(folder, `${i}.png`), bad.includes(i) ? "no picture" : await picture(i).png().toBuffer());
  const { folder: model } = await writeModel(t, ["a", "b", "c"]);
  const { tf } = compute;
  const sizes: number[] = [];
  /** Features that tell the pictures apart: the first is the mean over all pixels and channels. */
  const base: ConvolutionalBase = {
    featureShape: vgg16.featureShape,
    features: (images) => {
      sizes.push(images.shape[0]);
      const mean = images.mean([1, 2]).mean(1).reshape([-1, 1, 1, 1]);
      return tf.concat([mean, tf.zeros([images.shape[0], 1, 1, 511])], 3) as Tensor4D;
    },
    dispose() {},
  };
  const loaded = await loadModel(compute, await readModel(model));
  const refused: string[] = [];
  const files = await findImages([folder]);
  const batches: Classification[][] = [];
  for await (const batch of classifyImages(compute, base, loaded, files, (_, file) => refused.push(file)))
    batches.push(batch);
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
  const alone = classifyImages(compute, base, loaded, [files[40] as string], () => {});
  assert.deepEqual(
    (await alone.next()).value,
    batches.flat().filter((result) => result.image === files[40]),
  );
});

test("a folder is all images in it, in natural order; hidden ones and other files are passed over", async (t) => {
  const folder = temporaryFolder(t);
  for (const sub of ["b", "b/.git", "a"]) mkdirSync(join(folder, sub));
  for (const file of ["b/img10.jpg", "b/img9.PNG", "a/x.webp", "b/.hidden.jpg", "b/.git/x.jpg", "a/notes.txt"])
    writeFileSync(join(folder, file), "");
  const file = join(folder, "a/notes.txt");
  const found = ["a/x.webp", "b/img9.PNG", "b/img10.jpg"].map((name) => join(folder, name));
  assert.deepEqual(await findImages([file, folder]), [file, ...found]);
  mkdirSync(join(folder, "empty"));
  await assert.rejects(findImages([join(folder, "empty")]), {
    message: `${join(folder, "empty")}: found no image in it.`,
  });
});

test("a damaged model is refused with what is wrong", async (t) => {
  const { folder } = await writeModel(t);
  const file = join(folder, "model.json");
  const text = readFileSync(file, "utf8");
  const refuse = async (content: string, message: RegExp) => {
    writeFileSync(file, content);
    await assert.rejects(
      readModel(folder),
      (error: Error) => error.name === "StageError" && message.test(error.message),
    );
  };
  await refuse(text.slice(0, 100), /model\.json: not a model of this project/);
  await refuse(text.replace('"classes"', '"names"'), /at classes/);
  await refuse(text.replace('"vgg16"', '"resnet"'), /at base/);
  writeFileSync(file, text);
  assert.deepEqual((await readModel(folder)).image, image);
  writeFileSync(join(folder, "weights.bin"), Buffer.alloc(100));
  await assert.rejects(readModel(folder), /weights\.bin has 100 bytes instead of 16452/);
});
