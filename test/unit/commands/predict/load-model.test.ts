import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readModel } from "../../../../src/commands/predict/load-model.ts";
import { writeModels } from "../../../../src/export/write-models.ts";
import { initialWeights } from "../../../../src/train/top-model.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const image = { size: 32, resize: "nearest", preprocess: "caffe" } as const;

/** A folder with a model of random weights for 32 px, so features [1, 1, 512]. */
async function writeModel(t: TestContext) {
  const classes = ["cats", "dogs"];
  const folder = temporaryFolder(t);
  const model = { inputs: 512, hidden: 8, outputs: 1 };
  const weights = initialWeights(model, 3);
  await writeModels(
    folder,
    { model, weights },
    { classes, featureShape: [1, 1, 512], dropout: 0.5, base: "vgg16", image },
  );
  return folder;
}

test("a model that is damaged, or says what cannot be, is refused by key and value", async (t) => {
  const folder = await writeModel(t);
  const [file, weights] = [join(folder, "model.json"), join(folder, "weights.bin")];
  const text = readFileSync(file, "utf8");
  const refuse = async (edit: (model: ReturnType<typeof JSON.parse>) => unknown, message: RegExp) => {
    const model = JSON.parse(text);
    edit(model);
    writeFileSync(file, JSON.stringify(model));
    await assert.rejects(readModel(folder), { name: "StageError", message });
  };
  const layer = (model: ReturnType<typeof JSON.parse>, i: number) => model.modelTopology.model_config.config.layers[i];
  const names = (classes: unknown) => (model: ReturnType<typeof JSON.parse>) => {
    model.userDefinedMetadata.classes = classes;
  };
  writeFileSync(file, text.slice(0, 100));
  await assert.rejects(readModel(folder), /model\.json: cannot be read: .*JSON/);
  await refuse(names(undefined), /: userDefinedMetadata\.classes is missing\./);
  await refuse(names(["a", "b", "c"]), /: userDefinedMetadata\.classes is \["a","b","c"\]: the model has 1 output\./);
  await refuse(names(["a"]), /: userDefinedMetadata\.classes is \["a"\]: .*>=2/);
  await refuse(names(["a", "a"]), /: userDefinedMetadata\.classes is \["a","a"\]: a class stands there twice\./);
  await refuse((model) => Object.assign(model.userDefinedMetadata, { base: "resnet" }), /the network is "resnet"/);
  await refuse(
    (model) => Object.assign(model.userDefinedMetadata.image, { resize: "cubic" }),
    /image\.resize is "cubic"/,
  );
  await refuse(
    (model) => Object.assign(model.userDefinedMetadata.image, { size: 64 }),
    /the model takes features \[1, 1, 512\]; vgg16 makes \[2, 2, 512\] of 64 px\./,
  );
  await refuse(
    (model) => Object.assign(layer(model, 3).config, { activation: "softmax" }),
    /activation is "softmax": for 2 classes it must be sigmoid/,
  );
  await refuse(
    (model) => Object.assign(layer(model, 0).config, { batch_input_shape: [null, 512] }),
    /takes features \[512\]/,
  );
  await refuse((model) => Object.assign(layer(model, 3).config, { units: 2 }), /the model has 2 outputs\./);
  await refuse(
    (model) => model.weightsManifest[0].weights[0].shape.reverse(),
    /weights\[0\]\.shape is \[8,512\]: by the layers it must be \[512, 8\]\./,
  );

  writeFileSync(file, text);
  assert.deepEqual((await readModel(folder)).image, image);
  const bytes = readFileSync(weights);
  writeFileSync(weights, Buffer.alloc(100));
  await assert.rejects(readModel(folder), /weights\.bin: it has 100 bytes instead of 16452/);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    bytes.writeFloatLE(value, 400);
    writeFileSync(weights, bytes);
    await assert.rejects(readModel(folder), /weights\.bin: some weights are no numbers: the training diverged\./);
  }
  rmSync(weights);
  mkdirSync(weights);
  await assert.rejects(readModel(folder), {
    name: "StageError",
    message: `A folder lies where a file should: ${weights}.`,
  });
  writeFileSync(file, Buffer.from(`\ufeff${text}`, "utf16le"));
  await assert.rejects(readModel(folder), /model\.json: cannot be read: it is UTF-16, not UTF-8\./);
  for (const [size, message] of [
    ["NaN", /model\.json: cannot be read: .+ not valid JSON/],
    ["1e999", /model\.json: userDefinedMetadata\.image\.size is Infinity: /],
  ] as const) {
    writeFileSync(file, text.replace(/"size": 32/, `"size": ${size}`));
    await assert.rejects(readModel(folder), { name: "StageError", message });
  }
});
