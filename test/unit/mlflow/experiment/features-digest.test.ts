import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { describeFolder } from "../../../../src/dvc/folder-digest.ts";
import { featuresDigest } from "../../../../src/mlflow/experiment/features-digest.ts";
import { createFeatures, openFeatures } from "../../../../src/records/features/features.ts";
import { FORMER_METADATA } from "../../../../src/records/features/former-layout.ts";
import { readRows } from "../../../../src/records/features/read-rows.ts";
import { SPLITS } from "../../../../src/records/format/image-folder.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const BEFORE = {
  base: "vgg16",
  image: { size: 150, resize: "nearest", preprocess: "rescale" },
  dataset: {
    name: "cats-dogs",
    source: "registry",
    licence: "MIT",
    classes: ["cats", "dogs"],
    images: { train: { cats: 1 } },
  },
};

test("features are known by the digest that version 0.1.0 gave them, whatever their metadata tell since", async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "bottleneck_features_train.npy"), "features");
  const digestOf = async (metadata: unknown) => {
    const text = typeof metadata === "string" ? metadata : `${JSON.stringify(metadata, null, 2)}\n`;
    writeFileSync(join(folder, FORMER_METADATA), text);
    const { entries, md5 } = await describeFolder(folder);
    return {
      ours: await featuresDigest(entries, async ({ relpath }) => join(folder, relpath)),
      dvc: md5,
      bare: await featuresDigest(entries, async () => undefined),
    };
  };
  const before = await digestOf(BEFORE);
  assert.equal(before.ours, before.dvc);

  const { licence, ...others } = BEFORE.dataset;
  const { name, source, ...rest } = others;
  const now = await digestOf({
    ...BEFORE,
    dataset: { name, source, license: licence, ...rest, since: 1 },
    backend: "x",
    image: { ...BEFORE.image, crop: 1 },
  });
  assert.notEqual(now.dvc, before.dvc);
  assert.equal(now.ours, before.ours);
  assert.equal(now.bare, now.dvc); // without the file

  const changed = await digestOf({ ...BEFORE, image: { ...BEFORE.image, size: 151 }, backend: "x" });
  assert.notEqual(changed.ours, before.ours);
  const damaged = await digestOf("{");
  assert.equal(damaged.ours, damaged.dvc);
});

test("features are known by that digest in the layout of today too, however they are cut into parts", async (t) => {
  const former = "test/fixtures/0.1.0/data/bottleneck";
  const { entries, md5 } = await describeFolder(former);
  assert.equal(await featuresDigest(entries, async ({ relpath }) => join(former, relpath)), md5);
  const { images, metadata, rowShape } = await readRows(former);
  for (const partRows of [undefined, 3]) {
    const folder = temporaryFolder(t);
    const writer = await createFeatures(folder, [...images.train, ...images.validation], rowShape, partRows);
    for (const split of SPLITS) {
      const reader = await openFeatures(former, split);
      const values = new Float32Array(reader.images.length * reader.rowLength);
      reader.read([...reader.images.keys()], values);
      await writer.append(values);
      await reader.close();
    }
    await writer.close({ ...metadata, backend: "x" });
    const now = await describeFolder(folder);
    assert.notEqual(now.md5, md5);
    assert.equal(await featuresDigest(now.entries, async ({ relpath }) => join(folder, relpath)), md5);
  }
});
