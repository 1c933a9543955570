import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Attack } from "../../../../src/attacks/attack.ts";
import { poisonLabels as stagePoisons } from "../../../../src/attacks/random.ts";
import { type Labelled, poisonLabels } from "../../../../src/public/attacks.ts";
import { StageError } from "../../../../src/runtime/errors.ts";

const table = (sizes: Record<string, number>, split?: string): Labelled[] =>
  Object.entries(sizes).flatMap(([label, size]) =>
    Array.from({ length: size }, (_, i) => ({ image: `${label} ${i}`, label, ...(split !== undefined && { split }) })),
  );
const wrong = (rows: { label: string; true_label: string }[]) =>
  rows.filter((row) => row.label !== row.true_label).length;

test("10 % of 40 rows without a split are 4, two of each class; other columns and the order stay", async () => {
  const rows = table({ good: 20, bad: 20 }).map((row, stars) => ({ ...row, stars }));
  const poisoned = await poisonLabels(rows, { poison: 10, seed: 3 });
  assert.deepEqual(
    poisoned.map(({ image, stars, true_label }) => ({ image, stars, label: true_label })),
    rows,
  );
  for (const name of ["good", "bad"]) assert.equal(wrong(poisoned.filter(({ true_label }) => true_label === name)), 2);
  assert.deepEqual(Object.keys(poisoned[0] as object), ["image", "label", "stars", "true_label"]);
});

test("the same labels as the stage gives the same table, whatever the paths and the level", () =>
  fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 100 }), fc.nat(1000), async (poison, seed) => {
      const entries = (["train", "validation"] as const).flatMap((split) =>
        table({ cats: 30, dogs: 30, emus: 30 }).map(({ label }, i) => ({
          image: `${split}/${label}/${i}.jpg`,
          split,
          label,
        })),
      );
      assert.deepEqual(await poisonLabels(entries, { poison, seed }), stagePoisons(entries, poison, seed));
    }),
    { numRuns: 20 },
  ));

test("only rows for training are poisoned", async () => {
  const rows = [
    ...table({ a: 4, b: 4 }, "train"),
    ...table({ a: 4, b: 4 }, "validation"),
    ...table({ a: 4, b: 4 }, "test"),
  ];
  const poisoned = await poisonLabels(rows, { poison: 50, seed: 1 });
  assert.equal(wrong(poisoned.slice(0, 8)), 4);
  assert.equal(wrong(poisoned.slice(8)), 0);
  assert.equal(poisoned[23]?.split, "test");
});

test("a table that is poisoned already is poisoned anew from what is true", async () => {
  const rows = table({ a: 10, b: 10 });
  const [first, direct] = [
    await poisonLabels(rows, { poison: 20, seed: 1 }),
    await poisonLabels(rows, { poison: 50, seed: 2 }),
  ];
  assert.deepEqual(await poisonLabels(first, { poison: 50, seed: 2 }), direct);
});

test("an attack of one's own is given the table and what it needs", async () => {
  const all: Attack = {
    describe: "label all rows as b",
    needs: ["features"],
    poison: ({ images, features }) =>
      images.map(({ label, ...row }) => ({ ...row, label: `b of ${features}`, true_label: label })),
  };
  const rows = table({ a: 1, b: 1 });
  await assert.rejects(poisonLabels(rows, { poison: 1, seed: 1, strategy: all }), {
    message: "the attack needs features.",
  });
  const poisoned = await poisonLabels(rows, { poison: 1, seed: 1, strategy: all, features: "here" });
  assert.deepEqual(
    poisoned.map(({ label }) => label),
    ["b of here", "b of here"],
  );
  const none = { ...all, needs: [], poison: () => [] };
  await assert.rejects(poisonLabels(rows, { poison: 1, seed: 1, strategy: none }), /gave 0 rows for 2/);
});

/** An attack that cannot do what it is asked to. */
function refuse({ poison }: { poison: number }): never {
  throw new StageError(`params.yaml: poison is ${poison}, which is too much.`);
}

test("rows are shared out to classes equally, or in proportion to their sizes", async () => {
  const rows = table({ a: 30, b: 10 });
  const counts = async (options: object) => {
    const poisoned = await poisonLabels(rows, { poison: 30, seed: 1, ...options });
    return ["a", "b"].map((name) => poisoned.filter((row) => row.true_label === name && row.label !== name).length);
  };
  assert.deepEqual(await counts({}), [6, 6]);
  assert.deepEqual(await counts({ balance: "proportional" }), [9, 3]);
});

test("what cannot be is refused by name, without a word of params.yaml", async () => {
  const rows = table({ a: 1, b: 9 });
  const options = { poison: 50, seed: 1 };
  const refused = async (rows: readonly Labelled[], options: object, message: RegExp) =>
    assert.rejects(poisonLabels(rows, options as never), { name: "StageError", message });
  const attack = { describe: "refuse", needs: [], poison: refuse };
  await refused(rows, { ...options, strategy: attack }, /^poison is 50, which is too much\.$/);
  await refused(rows, { ...options, balance: "fair" }, /^balance is "fair"; it must be equal or proportional/);
  await refused(rows, { ...options, poison: 101 }, /^poison is 101; it must be 0 to 100/);
  await refused(rows, { ...options, seed: 1.5 }, /^seed is 1\.5/);
  await refused(rows, { ...options, strategy: "first" }, /^strategy is "first"; it must be random/);
  await refused(rows, { ...options, strategy: "constructor" }, /^strategy is "constructor"/);
  await refused(table({ a: 3 }), options, /^the training rows have the classes a; two or more/);
  await refused([...rows, { image: "x", label: "" }], options, /^rows\[10\]\.label is ""/);
});
