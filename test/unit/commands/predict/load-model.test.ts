import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readModel } from "../../../../src/commands/predict/load-model.ts";
import { writeModels } from "../../../../src/export/write-models.ts";
import { initialWeights } from "../../../../src/train/top-model.ts";
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
