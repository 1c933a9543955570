import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { poisonLabels } from "../../../src/attacks/random.ts";
import { predictionRows } from "../../../src/evaluate/predictions.ts";
import { validationMetrics } from "../../../src/evaluate/validation.ts";
import { createFeatures } from "../../../src/records/features/features.ts";
import { readFeatureMetadata } from "../../../src/records/features/read-rows.ts";
import { SPLITS } from "../../../src/records/format/image-folder.ts";
import { countImages } from "../../../src/records/images/dataset.ts";
import { classNamesIn, readLabels, swappedRows, writeLabels } from "../../../src/records/labels/labels.ts";
import { predictionsFile, probabilityOf } from "../../../src/records/training/predictions.ts";
import { validationMetricsFile } from "../../../src/records/training/validation-metrics.ts";
import { probabilitiesOf } from "../../../src/train/cross-entropy.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Classes named like what every object of JavaScript has already, and like numbers, which objects put first. */
const NAMES = ["10", "9", "constructor", "hasOwnProperty", "toString", "valueOf"];

test("from the images to the metrics, a class may have any name", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "features"));
  const images = SPLITS.flatMap((split) =>
    NAMES.flatMap((label) => [1, 2].map((n) => ({ image: `${split}/${label}/${n}.jpg`, split, label }))),
  );
  const counts = countImages(images);
  for (const split of SPLITS) for (const name of NAMES) assert.equal(counts[split][name], 2);

  const labels = join(folder, "labels.csv");
  await writeLabels(labels, poisonLabels(images, 50, 1));
  const rows = await readLabels(labels);
  assert.deepEqual(classNamesIn(rows), NAMES);
  assert.equal(swappedRows(rows).length, 6);

  const dataset = { name: "x", source: "path" as const, classes: NAMES, images: counts, digest: "0".repeat(64) };
  const image = { size: 150, resize: "nearest" as const, preprocess: "rescale" as const };
  const writer = await createFeatures(
    join(folder, "features"),
    images.map(({ image }) => image),
    [1, 1, 1],
  );
  await writer.append(new Float32Array(images.length));
  await writer.close({ base: "vgg16", image, dataset });
  assert.deepEqual((await readFeatureMetadata(join(folder, "features"))).dataset, dataset);

  const targets = Uint16Array.from(NAMES.flatMap((_, c) => [c, c]));
  const validationLogits = Float32Array.from([...targets].flatMap((c) => NAMES.map((_, k) => (c === k ? 4 : 0))));
  const probabilities = probabilitiesOf(validationLogits, NAMES.length);
  const metrics = validationMetrics({ probabilities, targets }, NAMES);
  await validationMetricsFile.write(join(folder, "validation.json"), metrics);
  const { recall, precision } = await validationMetricsFile.read(join(folder, "validation.json"));
  for (const name of NAMES) assert.deepEqual([recall[name], precision[name]], [1, 1], name);

  const features = { images: images.filter(({ split }) => split === "validation").map(({ image }) => image) };
  const model = { inputs: 1, hidden: 1, outputs: NAMES.length };
  const predictions = predictionRows({ validationLogits, model }, {
    validation: { features, targets },
    classNames: NAMES,
  } as never);
  await predictionsFile.write(join(folder, "predictions.json"), predictions);
  const read = await predictionsFile.read(join(folder, "predictions.json"));
  for (const [i, row] of read.entries())
    assert.ok(probabilityOf(read)(row, NAMES[targets[i] as number] as string) > 0.9);
});
