import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BALANCES, type Balance } from "../../../src/attacks/apportion.ts";
import { poisonLabels } from "../../../src/attacks/random.ts";
import type { ImageEntry } from "../../../src/records/format/image-folder.ts";
import { poisonLevel, swappedRows } from "../../../src/records/labels/labels.ts";

/** A data set of the given class sizes, with as many validation images as training images. */
function dataset(sizes: Record<string, number>): ImageEntry[] {
  return (["train", "validation"] as const).flatMap((split) =>
    Object.entries(sizes).flatMap(([label, size]) =>
      Array.from({ length: size }, (_, i) => ({ image: `${split}/${label}/${i}.jpg`, split, label })),
    ),
  );
}

const swapped = (images: ImageEntry[], poison: number, seed = 1) =>
  swappedRows(poisonLabels(images, poison, seed)).map((row) => row.image);

test("swaps exactly 0, 20, 50, 100, 150, 200 of 2000 labels at the study's levels, half per class, nested", () => {
  const images = dataset({ cats: 1000, dogs: 1000 });
  let before: string[] = [];
  for (const [poison, count] of [
    [0, 0],
    [1, 20],
    [2.5, 50],
    [5, 100],
    [7.5, 150],
    [10, 200],
  ] as const) {
    const now = swapped(images, poison);
    assert.equal(now.length, count);
    assert.equal(now.filter((image) => image.startsWith("train/cats/")).length, count / 2);
    assert.ok(
      before.every((image) => now.includes(image)),
      `the set for ${poison} % contains the set before it`,
    );
    assert.equal(poisonLevel(poisonLabels(images, poison, 1)), poison);
    before = now;
  }
});

test("100 % swaps every training label and none for validation", () => {
  const rows = poisonLabels(dataset({ cats: 5, dogs: 5 }), 100, 1);
  assert.ok(rows.every((row) => (row.label !== row.true_label) === (row.split === "train")));
});

test("another seed swaps other images; the order of the rows stays", () => {
  const images = dataset({ cats: 200, dogs: 200 });
  assert.notDeepEqual(swapped(images, 10, 1), swapped(images, 10, 2));
  assert.deepEqual(
    poisonLabels(images, 10, 1).map((row) => row.image),
    images.map((entry) => entry.image),
  );
});

test("classes of 5000, 200 and 100 at the study's levels: equal takes what a class has, proportional keeps the sizes", () => {
  const images = dataset({ large: 5000, middle: 200, small: 100 });
  const counts = (poison: number, balance: Balance) => {
    const rows = swappedRows(poisonLabels(images, poison, 1, balance));
    return ["large", "middle", "small"].map((name) => rows.filter(({ true_label }) => true_label === name).length);
  };
  assert.deepEqual(counts(7.5, "equal"), [149, 149, 100]); // 398 in all
  assert.deepEqual(counts(10, "equal"), [230, 200, 100]);
  assert.deepEqual(counts(10, "proportional"), [500, 20, 10]);
  assert.deepEqual(counts(100, "equal"), [5000, 200, 100]);
});

test("5 % of 97 classes of six images are 29 images of 29 classes", () => {
  const images = dataset(Object.fromEntries(Array.from({ length: 97 }, (_, i) => [`class ${i}`, 6])));
  for (const balance of BALANCES) {
    const rows = swappedRows(poisonLabels(images, 5, 1, balance));
    assert.equal(rows.length, 29);
    assert.equal(new Set(rows.map(({ true_label }) => true_label)).size, 29);
  }
  const of = (seed: number) => swappedRows(poisonLabels(images, 5, seed)).map(({ true_label }) => true_label);
  assert.notDeepEqual(of(1), of(2), "which classes they are, the seed decides");
});

test("two equal classes get the same labels under both", () => {
  const images = dataset({ cats: 40, dogs: 40 });
  for (const poison of [2.5, 5, 7.5, 31, 100])
    assert.deepEqual(poisonLabels(images, poison, 1, "proportional"), poisonLabels(images, poison, 1, "equal"));
});

test("holds for any classes, sizes, levels, seeds and balances: as many as asked for, nested", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 8 });
  const level = fc.double({ min: 0, max: 100, noNaN: true });
  const seed = fc.integer({ min: 0, max: 1000 });
  fc.assert(
    fc.property(sizes, level, level, seed, fc.constantFrom(...BALANCES), (counts, a, b, seed, balance) => {
      const images = dataset(Object.fromEntries(counts.map((count, i) => [`class ${i}`, count])));
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const at = (level: number) =>
        new Map(swappedRows(poisonLabels(images, level, seed, balance)).map((row) => [row.image, row]));
      const [few, many] = [at(low), at(high)];
      const training = counts.reduce((x, y) => x + y);
      assert.equal(few.size, Math.round((training * low) / 100));
      assert.equal(many.size, Math.round((training * high) / 100));
      for (const [image, row] of few)
        assert.deepEqual(many.get(image), row, "nested, with the same label at every level");
      assert.ok([...many.values()].every((row) => row.split === "train"));
    }),
  );
});

test("with three classes a swapped image takes each other class's label about equally often", () => {
  const rows = swappedRows(poisonLabels(dataset({ a: 1000, b: 1000, c: 1000 }), 90, 7)).filter(
    (row) => row.true_label === "a",
  );
  const toB = rows.filter((row) => row.label === "b").length;
  assert.equal(rows.length, 900);
  assert.ok(toB > 390 && toB < 510, `${toB} of 900`); // four standard deviations
});

test("a seed swaps the same images for ever: published results can be repeated", () => {
  const images = dataset({ cats: 10, dogs: 10 });
  const expected = ["cats/2", "cats/6", "cats/7", "dogs/2", "dogs/3", "dogs/5"].map((name) => `train/${name}.jpg`);
  assert.deepEqual(swapped(images, 30), expected);
});
