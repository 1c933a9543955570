import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import sharp from "sharp";
import { listImages } from "../../../../src/records/format/image-folder.ts";
import { SIDES } from "../../../../src/restore/drawing/animal.ts";
import { generateImages } from "../../../../src/restore/sources/generated.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** Draws and returns the SHA-256 of each file by its name. */
async function generate(t: TestContext, train_per_class: number, validation_per_class: number, seed: number) {
  const folder = temporaryFolder(t);
  await generateImages(folder, { train_per_class, validation_per_class, seed });
  const images = (await listImages(folder)).map(({ image }) => image);
  const digest = (image: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, image)))
      .digest("hex");
  return { folder, images, digests: Object.fromEntries(images.map((image) => [image, digest(image)])) };
}

test("pictures lie where the design says, numbered from 1", async (t) => {
  const { images } = await generate(t, 2, 1, 1);
  assert.deepEqual(images, [
    "train/cats/cat.1.jpg",
    "train/cats/cat.2.jpg",
    "train/dogs/dog.1.jpg",
    "train/dogs/dog.2.jpg",
    "validation/cats/cat.1.jpg",
    "validation/dogs/dog.1.jpg",
  ]);
});

test("the same seed gives the same bytes, another seed gives others", async (t) => {
  const [first, again, other] = [await generate(t, 6, 3, 1), await generate(t, 6, 3, 1), await generate(t, 6, 3, 2)];
  assert.deepEqual(again.digests, first.digests);
  for (const image of first.images) assert.notEqual(other.digests[image], first.digests[image], image);
});

test("a picture is the same however many are drawn", async (t) => {
  const [few, many] = [await generate(t, 2, 1, 1), await generate(t, 5, 4, 1)];
  for (const image of few.images) assert.equal(many.digests[image], few.digests[image], image);
});

test("every picture decodes, is 150 to 500 px, and none is there twice", async (t) => {
  const { folder, images, digests } = await generate(t, 15, 10, 1);
  assert.equal(new Set(Object.values(digests)).size, 50);
  const shapes = new Set<string>();
  for (const image of images) {
    const { data, info } = await sharp(join(folder, image), { failOn: "warning" })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { format } = await sharp(join(folder, image)).metadata();
    assert.equal(format, "jpeg");
    assert.ok(
      Math.min(info.width, info.height) >= SIDES.min && Math.max(info.width, info.height) <= SIDES.max,
      `${image}: ${info.width}×${info.height}`,
    );
    assert.equal(data.length, info.width * info.height * 3);
    const { channels } = await sharp(join(folder, image)).stats();
    assert.ok(
      channels.some(({ stdev }) => stdev > 4),
      `${image} is blank`,
    );
    shapes.add(`${info.width}×${info.height}`);
  }
  assert.ok(shapes.size > 25, `only ${shapes.size} different sizes`);
  assert.deepEqual(SIDES, { min: 150, max: 500 });
});

test("progress counts every picture once", async (t) => {
  const seen: [number, number][] = [];
  await generateImages(temporaryFolder(t), { train_per_class: 2, validation_per_class: 1, seed: 1 }, (done, total) =>
    seen.push([done, total]),
  );
  assert.deepEqual(
    seen,
    [1, 2, 3, 4, 5, 6].map((done) => [done, 6]),
  );
});
