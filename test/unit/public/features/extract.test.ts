import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type ConvolutionalBase, extractFeatures, extractFeaturesTo } from "../../../../src/public/features.ts";
import { readNpy } from "../../../../src/public/records.ts";
import { write } from "../../../support/image-fixtures.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** Takes the first pixel's red, green and blue for features, two images at a time. */
const network = (): ConvolutionalBase & { closed: boolean } => ({
  ...{ name: "first pixel", backend: "test", rowShape: [1, 1, 3], batch: 2, closed: false },
  features: async (images, n) => {
    const length = images.length / n;
    return Float32Array.from({ length: n * 3 }, (_, i) => images[Math.floor(i / 3) * length + (i % 3)] as number);
  },
  close() {
    this.closed = true;
  },
});
const image = { size: 4, resize: "nearest", preprocess: "rescale" } as const;

test("a folder stands for its images in natural order; files for themselves; in memory and in a file alike", async (t) => {
  const folder = temporaryFolder(t);
  await write(join(folder, "images"), { "b/10.jpg": 1, "b/9.jpg": 2, "a.jpg": 3, "notes.txt": "none" });
  const base = network();
  const seen: [number, number][] = [];
  const options = { network: base, image, onProgress: (done: number, total: number) => void seen.push([done, total]) };
  const { files, shape, values, backend } = await extractFeatures(join(folder, "images"), options);
  assert.deepEqual(
    files.map((file) => file.slice(folder.length)),
    ["/images/a.jpg", "/images/b/9.jpg", "/images/b/10.jpg"],
  );
  assert.deepEqual([shape, backend], [[3, 1, 1, 3], "test"]);
  // The grey of image i is (37 i, 91 i, 99) / 255, as far as JPEG keeps it.
  for (const [row, number] of [3, 2, 1].entries())
    for (const [c, expected] of [(number * 37) % 256, (number * 91) % 256, 99].entries())
      assert.ok(Math.abs((values[row * 3 + c] as number) - expected / 255) < 0.02, `row ${row}, channel ${c}`);
  assert.deepEqual(seen, [
    [2, 3],
    [3, 3],
  ]);
  const file = join(folder, "features.npy");
  assert.deepEqual(await extractFeaturesTo(file, files, { network: base, image }), { files, shape, backend });
  assert.deepEqual(await readNpy(file), { shape, values });
  assert.equal(base.closed, false); // whoever opened it closes it
});

test("an image that cannot be decoded is named, and no file is left", async (t) => {
  const folder = temporaryFolder(t);
  await write(folder, { "images/a.jpg": 1, "images/b.jpg": "no image" });
  const options = { network: network(), image };
  const refused = (what: string | string[], message: RegExp) =>
    assert.rejects(extractFeaturesTo(join(folder, "out.npy"), what, options), { name: "StageError", message });
  await refused(join(folder, "images"), /images\/b\.jpg/);
  await refused(join(folder, "none"), /none: no such file or folder/);
  await refused([], /there is no image/);
  mkdirSync(join(folder, "empty"));
  await refused(join(folder, "empty"), /empty: found no image in it/);
  assert.deepEqual(readdirSync(folder).sort(), ["empty", "images"]);
  await assert.rejects(extractFeatures(join(folder, "images", "a.jpg"), { network: "vgg99" as never, image }), {
    message: /the network is "vgg99"/,
  });
});
