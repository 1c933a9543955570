import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
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

test("a class that is too small for its share is an error that names the highest level", () => {
  assert.throws(() => poisonLabels(dataset({ cats: 90, dogs: 10 }), 30, 1), {
    name: "StageError",
    message: 'params.yaml: poison is 30, which swaps 15 images in each class, but "dogs" has 10.',
    hint: "Set poison to at most 20, or balance the classes.",
  });
  assert.equal(swapped(dataset({ cats: 90, dogs: 10 }), 20).length, 20);
});

test("holds for any classes, sizes, levels and seeds", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 5 });
  const level = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(sizes, level, level, fc.integer({ min: 0, max: 1000 }), (counts, a, b, seed) => {
      const images = dataset(Object.fromEntries(counts.map((count, i) => [`class ${i}`, count])));
      const feasible = (100 * Math.min(...counts) * counts.length) / counts.reduce((x, y) => x + y);
      const [low, high] = [Math.min(a, b, feasible), Math.min(Math.max(a, b), feasible)];
      const few = new Map(swappedRows(poisonLabels(images, low, seed)).map((row) => [row.image, row]));
      const many = new Map(swappedRows(poisonLabels(images, high, seed)).map((row) => [row.image, row]));
      for (const [image, row] of few)
        assert.deepEqual(many.get(image), row, "nested, with the same label at every level");
      const perClass = counts.map((_, i) => [...many.values()].filter((row) => row.true_label === `class ${i}`).length);
      assert.equal(new Set(perClass).size, 1, "the same number in each class");
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
