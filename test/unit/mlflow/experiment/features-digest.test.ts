import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { describeFolder } from "../../../../src/dvc/folder-digest.ts";
import { featuresDigest, METADATA } from "../../../../src/mlflow/experiment/features-digest.ts";
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
    writeFileSync(join(folder, METADATA), text);
    const { entries, md5 } = await describeFolder(folder);
    return {
      ours: await featuresDigest(entries, join(folder, METADATA)),
      dvc: md5,
      bare: await featuresDigest(entries, undefined),
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
