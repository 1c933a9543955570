import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Classification } from "../../../src/commands/predict/classify.ts";
import { writeModels } from "../../../src/export/write-models.ts";
import { loadBase } from "../../../src/networks/load-base.ts";
import { decodeImage } from "../../../src/networks/pixels/decode.ts";
import { preprocessor } from "../../../src/networks/pixels/preprocess.ts";
import { vgg16 } from "../../../src/networks/vgg16/vgg16.ts";
import { probabilitiesOf } from "../../../src/train/cross-entropy.ts";
import { initialWeights } from "../../../src/train/top-model.ts";
import { wasmBackend } from "../../../src/train/wasm-backend.ts";
import { loadWeights } from "../../../src/weights/find.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

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

  const base = await loadBase(vgg16, await loadWeights("vgg16"), 32, "cpu");
  const trainer = wasmBackend(model, weights, { optimizer: "sgd", learning_rate: 1 }, 1);
  const expected: number[] = [];
  for (const file of [cat, dog]) {
    const input = new Float32Array(32 * 32 * 3);
    preprocessor("caffe")(await decodeImage(file, image), input, 0);
    const features = await base.features(input, 1);
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

test("a model that diverged, or whose class names do not fit it, predicts nothing", async (t) => {
  const { folder } = await writeModel(t);
  const [file, weights] = [join(folder, "model.json"), join(folder, "weights.bin")];
  const text = readFileSync(file, "utf8");
  const refuse = (message: RegExp) => {
    const { status, stdout, stderr } = predict("--model", folder, "test/golden/cat.4362.jpg");
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, message);
  };
  const three = JSON.parse(text);
  three.userDefinedMetadata.classes.push("foxes");
  writeFileSync(file, JSON.stringify(three));
  refuse(
    /^predict: .*model\.json: userDefinedMetadata\.classes is .*: the model has 1 output\.\n {2}→ Write it anew: .*\n$/,
  );
  writeFileSync(file, text);
  const bytes = readFileSync(weights);
  bytes.writeFloatLE(Number.NaN, 400);
  writeFileSync(weights, bytes);
  refuse(/^predict: .*weights\.bin: some weights are no numbers: the training diverged\.\n {2}→ Write it anew: .*\n$/);
});
