import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeModels } from "../../../src/export/write-models.ts";
import { loadBase } from "../../../src/networks/load-base.ts";
import { decodeImage } from "../../../src/networks/pixels/decode.ts";
import { preprocessor } from "../../../src/networks/pixels/preprocess.ts";
import { withPool } from "../../../src/networks/pool.ts";
import { vgg16 } from "../../../src/networks/vgg16/vgg16.ts";
import { Random } from "../../../src/numbers/random.ts";
import { predict as predictTop, readModel, trainTop, writeModel } from "../../../src/public/train.ts";
import { type Compute, loadTensorFlow } from "../../../src/tensorflow/load.ts";
import { probabilitiesOf } from "../../../src/train/cross-entropy.ts";
import { wasmBackend } from "../../../src/train/wasm-backend.ts";
import { loadWeights } from "../../../src/weights/find.ts";
import { FILES, image, metadataOf, randomModel } from "../../support/random-top-model.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** What TensorFlow.js has beyond its core, whose types the project does without. */
interface Layers {
  loadLayersModel(url: string): Promise<{ predict(x: Tensor): Tensor; getUserDefinedMetadata(): unknown }>;
}
const tf = (await loadTensorFlow("cpu")).tf as Compute["tf"] & Layers;
type Tensor = ReturnType<typeof tf.tensor>;

/** The probabilities that the trainer gives, as Keras gives them out: for one output, that of the second class. */
function predict({ model, weights }: ReturnType<typeof randomModel>, features: Float32Array): number[] {
  const images = features.length / model.inputs;
  const trainer = wasmBackend(model, weights, { optimizer: "sgd", learning_rate: 1 }, images);
  const rows = probabilitiesOf(trainer.logits(features), model.outputs);
  return model.outputs === 1 ? rows.map((row) => row[1] as number) : rows.flat();
}

const randomFeatures = (length: number) => {
  const random = new Random(9);
  return Float32Array.from({ length }, () => random.normal());
};

interface Request {
  model: string;
  inputs: string;
  shape: readonly number[];
  hidden?: number;
  outputs?: number;
  unit?: boolean;
}

/** What Keras says of the models of a folder. */
function askKeras(folder: string, requests: Request[]) {
  const [asked, answered] = [join(folder, "requests.json"), join(folder, "answers.json")];
  writeFileSync(asked, JSON.stringify(requests));
  execFileSync(".venv/bin/python", ["test/support/keras/predict.py", folder, asked, answered]);
  return JSON.parse(readFileSync(answered, "utf8")) as {
    probabilities: number[];
    layers: string[];
    trainable: number;
  }[];
}

function assertClose(actual: ArrayLike<number>, expected: number[], tolerance: number) {
  assert.equal(actual.length, expected.length);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - (actual[i] as number))));
  assert.ok(worst <= tolerance, `differs by ${worst}`);
}

test("tf.loadLayersModel and Keras 3 load the top model and predict the same", async (t) => {
  const folder = temporaryFolder(t);
  const features = randomFeatures(20 * 32);
  writeFileSync(join(folder, "features"), features);
  const expected: number[][] = [];
  const requests: Request[] = [];
  const cases: [outputs: number, shape: number[]][] = [
    ...([1, 3].map((outputs) => [outputs, [2, 2, 8]]) as [number, number[]][]),
    [3, [32]], // features that are flat already
  ];
  for (const [outputs, shape] of cases) {
    const trained = randomModel(32, outputs);
    const metadata = metadataOf(outputs, shape);
    expected.push(predict(trained, features));
    const name = `outputs-${outputs}-of-${shape.length}`;
    mkdirSync(join(folder, name));
    await writeModels(join(folder, name), trained, metadata);
    assert.deepEqual(readdirSync(join(folder, name)).sort(), FILES);

    const model = await tf.loadLayersModel(`file://${folder}/${name}/model.json`);
    const prediction = model.predict(tf.tensor(features, [20, ...shape]));
    assertClose(prediction.dataSync(), expected.at(-1) as number[], 1e-6);
    assert.deepEqual(model.getUserDefinedMetadata(), { classes: metadata.classes, base: "vgg16", image });
    for (const file of ["model.keras", "model.weights.h5"])
      requests.push({ model: `${name}/${file}`, inputs: "features", shape, hidden: 6, outputs });
  }
  for (const [i, { probabilities, layers }] of askKeras(folder, requests).entries()) {
    assertClose(probabilities, expected[i >> 1] as number[], 1e-6);
    const flatten = requests[i]?.shape.length === 1 ? [] : ["flatten"];
    if (requests[i]?.model.endsWith(".keras")) assert.deepEqual(layers, [...flatten, "dense", "dropout", "dense_1"]);
  }
});

/** What a model makes of raw features by our own kernel, a training at whose end scaling went into it. */
async function trainedBy(standardize: "l2" | "zscore", shape: number[], values: Float32Array, outputs: number) {
  const rows = values.length / 32;
  const features = { shape: [rows, ...shape], values };
  const table = { features, targets: Array.from({ length: rows }, (_, i) => i % Math.max(2, outputs)) };
  const params = {
    epochs: 3,
    batch_size: 5,
    optimizer: "adam",
    learning_rate: 0.01,
    hidden_units: 6,
    dropout: 0,
  } as const;
  const { classes } = metadataOf(outputs, shape);
  return trainTop(table, table, { classes, seed: 1, params: { ...params, standardize }, device: "cpu" });
}

for (const standardize of ["l2", "zscore"] as const)
  test(`${standardize} goes into every model: TensorFlow.js and Keras answer as training did, from raw features`, async (t) => {
    const folder = temporaryFolder(t);
    const features = randomFeatures(20 * 32).map((value) => 100 * Math.max(0, value));
    features.fill(0, 0, standardize === "l2" ? 32 : 0); // an image of which nothing is left
    writeFileSync(join(folder, "features"), features);
    const expected: number[][] = [];
    const requests: Request[] = [];
    for (const [outputs, shape] of [
      [1, [2, 2, 8]],
      [3, [2, 2, 8]],
      [3, [32]],
    ] as [number, number[]][]) {
      const top = await trainedBy(standardize, shape, features, outputs);
      const flat = (rows: number[][]) => (outputs === 1 ? rows.map((row) => row[1] as number) : rows.flat());
      expected.push(flat(top.probabilities.validation));
      const name = `outputs-${outputs}-of-${shape.length}`;
      await writeModel(join(folder, name), top, { dropout: 0.5 });
      const again = await readModel(join(folder, name));
      assert.equal(again.model.unitLength, standardize === "l2" ? true : undefined);
      assertClose(flat(predictTop(again, features)), expected.at(-1) as number[], 1e-5);
      const model = await tf.loadLayersModel(`file://${folder}/${name}/model.json`);
      assertClose(model.predict(tf.tensor(features, [20, ...shape])).dataSync(), expected.at(-1) as number[], 1e-5);
      const unit = standardize === "l2";
      for (const file of ["model.keras", "model.weights.h5"])
        requests.push({ model: `${name}/${file}`, inputs: "features", shape, hidden: 6, outputs, unit });
    }
    for (const [i, { probabilities, layers }] of askKeras(folder, requests).entries()) {
      assertClose(probabilities, expected[i >> 1] as number[], 1e-5);
      assert.equal(layers.filter((name) => name.startsWith("unit_normalization")).length, standardize === "l2" ? 1 : 0);
    }
    assert.ok(new Set(expected[0]?.map((p) => p.toFixed(3))).size > 5, "the rows are told apart");
  });

for (const [device, tolerance] of [
  ["tensorflow", 1e-5],
  ["cpu", 3e-5],
] as const)
  test(`Keras loads the whole network and predicts from pixels what the pipeline does, ${device}`, async (t) => {
    const folder = temporaryFolder(t);
    const names = ["cat.4362.jpg", "dog.4203.jpg"];
    const weights = await loadWeights("vgg16");
    const cases = [
      { size: 150, preprocess: "rescale", outputs: 1, pool: "none" },
      { size: 75, preprocess: "caffe", outputs: 3, pool: "none" }, // an odd size: pooling rounds down
      { size: 75, preprocess: "rescale", outputs: 1, pool: "avg" },
    ] as const;
    const expected: number[][] = [];
    const requests: Request[] = [];
    for (const [i, { size, preprocess, outputs, pool }] of cases.entries()) {
      const pixels = await Promise.all(names.map((name) => decodeImage(`test/golden/${name}`, { ...image, size })));
      const inputs = new Float32Array(names.length * size * size * 3);
      for (const [i, picture] of pixels.entries()) preprocessor(preprocess)(picture, inputs, i * size * size * 3);
      const base = withPool(await loadBase(vgg16, weights, size, device), pool);
      const features = await base.features(inputs, names.length);
      base.close();
      const shape = base.rowShape;
      const trained = randomModel(
        shape.reduce((a, b) => a * b),
        outputs,
      );
      const unit = preprocess === "caffe" && { unitLength: true as const };
      const top = { weights: trained.weights, model: { ...trained.model, ...unit } };
      expected.push(outputs === 1 ? predict(trained, features) : predictTop(top, features).flat());
      mkdirSync(join(folder, `${i}`));
      const pooled = pool === "avg" && { pool };
      const metadata = { ...metadataOf(outputs, shape), image: { ...image, size, preprocess }, ...pooled };
      await writeModels(join(folder, `${i}`), top, metadata, weights);
      writeFileSync(join(folder, `${i}.f32`), Float32Array.from(Buffer.concat(pixels)));
      requests.push({ model: `${i}/full.keras`, inputs: `${i}.f32`, shape: [size, size, 3] });
    }
    const answers = askKeras(folder, requests);
    for (const [i, { probabilities, layers, trainable }] of answers.entries()) {
      assertClose(probabilities, expected[i] as number[], tolerance);
      assert.equal(layers[0], cases[i]?.preprocess);
      const unit = cases[i]?.preprocess === "caffe" ? ["unit_normalization"] : [];
      const pool = cases[i]?.pool === "avg" ? ["pool"] : [];
      assert.deepEqual(layers.slice(layers.indexOf("block5_pool") + 1), [
        ...pool,
        "flatten",
        ...unit,
        "dense",
        "dropout",
        "dense_1",
      ]);
      assert.ok(trainable < 1e6, "the base is frozen");
    }
    assert.ok(new Set(expected.flat()).size > 4, "the pictures are told apart");
  });
