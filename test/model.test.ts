import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeKerasWeights } from "../src/model/keras-weights.ts";
import { writeTensorFlowJsModel } from "../src/model/tensorflowjs-model.ts";
import { Random } from "../src/random.ts";
import { loadTensorFlow } from "../src/tensorflow.ts";
import { probabilitiesOf } from "../src/train/cross-entropy.ts";
import { initialWeights, type TopModel } from "../src/train/top-model.ts";
import { buildTrainer } from "../src/train/trainer.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const compute = await loadTensorFlow("cpu");
const { tf } = compute;
const featureShape = [2, 2, 8];

/** A model of random weights, random features for it, and the probabilities that the trainer gives them. */
function example(outputs: number) {
  const model: TopModel = { inputs: 32, hidden: 6, outputs };
  const weights = initialWeights(model, 4);
  weights.hiddenBias.set([0.1, -0.2, 0.3]);
  weights.outputBias.fill(0.05);
  const random = new Random(9);
  const features = Float32Array.from({ length: 20 * 32 }, () => random.normal());
  const trainer = buildTrainer(compute, model, weights, { optimizer: "sgd", learning_rate: 1 });
  const logits = trainer.logits(tf.tensor2d(features, [20, 32])).dataSync<"float32">();
  const rows = probabilitiesOf(logits, outputs);
  return {
    trained: { model, weights },
    features,
    expected: outputs === 1 ? rows.map((row) => row[1] as number) : rows.flat(),
  };
}

const assertClose = (actual: ArrayLike<number>, expected: number[]) => {
  assert.equal(actual.length, expected.length);
  assert.ok(expected.every((value, i) => Math.abs(value - (actual[i] as number)) < 1e-6));
};

for (const outputs of [1, 3]) {
  const facts = { classes: ["a", "b", "c"].slice(0, Math.max(2, outputs)), featureShape, dropout: 0.5 };

  test(`tf.loadLayersModel reads the model and predicts the same, ${outputs} output(s)`, async (t) => {
    const folder = temporaryFolder(t);
    const { trained, features, expected } = example(outputs);
    await writeTensorFlowJsModel(folder, trained, facts);
    const model = await tf.loadLayersModel(`file://${folder}/model.json`);
    const prediction = model.predict(tf.tensor(features, [20, ...featureShape])) as ReturnType<typeof tf.tensor>;
    assertClose(prediction.dataSync(), expected);
    assert.deepEqual(model.getUserDefinedMetadata(), { classes: facts.classes });
  });

  test(`Keras 3 loads the weights and predicts the same, ${outputs} output(s)`, async (t) => {
    const folder = temporaryFolder(t);
    const { trained, features, expected } = example(outputs);
    await writeKerasWeights(join(folder, "model.weights.h5"), trained);
    writeFileSync(join(folder, "features.bin"), features);
    const script = `
import sys, os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras, numpy
from keras import layers
folder, outputs = sys.argv[1], int(sys.argv[2])
model = keras.Sequential([keras.Input((2, 2, 8)), layers.Flatten(), layers.Dense(6, activation="relu"), layers.Dropout(0.5),
                          layers.Dense(outputs, activation="sigmoid" if outputs == 1 else "softmax")])
model.load_weights(folder + "/model.weights.h5")
features = numpy.fromfile(folder + "/features.bin", "float32").reshape(20, 2, 2, 8)
print("probabilities", *model.predict(features, verbose=0).ravel())`;
    const said = execFileSync(".venv/bin/python", ["-c", script, folder, String(outputs)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    assertClose((/^probabilities (.*)$/m.exec(said)?.[1] ?? "").split(" ").map(Number), expected);
  });
}

test("equal weights give equal bytes, whenever they are written", async (t) => {
  const folder = temporaryFolder(t);
  const { trained } = example(1);
  await writeKerasWeights(join(folder, "a"), trained);
  await new Promise((resolve) => setTimeout(resolve, 1100)); // HDF5 counts in seconds
  await writeKerasWeights(join(folder, "b"), trained);
  assert.ok(readFileSync(join(folder, "a")).equals(readFileSync(join(folder, "b"))));
});
