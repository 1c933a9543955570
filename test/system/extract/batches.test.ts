import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { extractBatches } from "../../../src/extract/batches.ts";
import { loadBase } from "../../../src/networks/load-base.ts";
import { vgg16 } from "../../../src/networks/vgg16/vgg16.ts";
import { loadWeights } from "../../../src/weights/find.ts";
import { image } from "../../support/image-fixtures.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("images go through in order, in batches of that size, with the features of any other", async (t) => {
  const folder = temporaryFolder(t);
  const files = Array.from({ length: 7 }, (_, i) => join(folder, `${i}.jpg`));
  for (const [i, file] of files.entries()) await image(i).toFile(file);
  const base = await loadBase(vgg16, await loadWeights("vgg16"), 32, "cpu");
  const batches = async (size: string) => {
    process.env.POISON_BATCH_SIZE = size;
    const batches = [];
    const options = { size: 32, resize: "nearest", preprocess: "rescale" } as const;
    for await (const batch of extractBatches(base, files, options)) batches.push(batch);
    return batches;
  };
  t.after(() => delete process.env.POISON_BATCH_SIZE);
  const [threes, all] = [await batches("3"), await batches("7")];
  assert.deepEqual(
    threes.map((batch) => batch.files),
    [files.slice(0, 3), files.slice(3, 6), files.slice(6)],
  );
  const features = threes.flatMap((batch) => [...batch.features]);
  assert.equal(all.length, 1);
  assert.equal(features.length, 7 * 512);
  assert.deepEqual(features, [...(all[0]?.features ?? [])]);
  base.close();
});
