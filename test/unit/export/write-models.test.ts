import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { ExportMetadata } from "../../../src/export/top-layers.ts";
import { writeModels } from "../../../src/export/write-models.ts";
import { initialWeights, type TopModel } from "../../../src/train/top-model.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const FILES = ["model.json", "model.keras", "model.weights.h5", "weights.bin"];

const image = { size: 150, resize: "nearest", preprocess: "rescale" } as const;

const metadataOf = (outputs: number, featureShape: number[]): ExportMetadata => ({
  classes: ["a", "b", "c"].slice(0, Math.max(2, outputs)),
  featureShape,
  dropout: 0.5,
  base: "vgg16",
  image,
});

/** A top model of random weights. */
function randomModel(inputs: number, outputs: number, hidden = 6) {
  const model: TopModel = { inputs, hidden, outputs };
  const weights = initialWeights(model, 4);
  weights.hiddenBias.set([0.1, -0.2, 0.3]);
  weights.outputBias.fill(0.05);
  return { model, weights };
}

test("equal models give equal bytes, whenever and wherever they are written", async (t) => {
  const [zone, now] = [process.env.TZ, Date.now];
  t.after(() => {
    Date.now = now;
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });
  const write = async (TZ: string, time: number) => {
    const folder = temporaryFolder(t);
    process.env.TZ = TZ; // Node takes it at once
    Date.now = () => time;
    await writeModels(folder, randomModel(32, 1), metadataOf(1, [2, 2, 8]));
    return folder;
  };
  const [first, second] = [await write("UTC", 1e12), await write("Pacific/Auckland", 1.5e12)] as const;
  for (const file of FILES) assert.ok(readFileSync(join(first, file)).equals(readFileSync(join(second, file))), file);
});
