import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import * as index from "../../../src/public/index.ts";
import { moduleNames } from "../../support/examples.ts";

/** What of the machine a program has loaded when it has imported a module: shared objects. */
async function loadedBy(module: string): Promise<string[]> {
  const program = `
    await import(${JSON.stringify(new URL(`../../../src/public/${module}.ts`, import.meta.url).href)});
    console.log(JSON.stringify(process.report.getReport().sharedObjects));`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

test("a module loads no native code before it is used: what decodes images and what draws clash in one process", async () => {
  for (const module of moduleNames()) {
    const native = (await loadedBy(module)).filter((file) => /\.node$|vips|cairo/.test(file));
    assert.deepEqual(native, [], module);
  }
});

test("the main functions are those of the modules", async () => {
  const all = new Map<string, unknown>();
  for (const name of moduleNames().filter((name) => name !== "index"))
    for (const [key, value] of Object.entries(await import(`../../../src/public/${name}.ts`))) all.set(key, value);
  for (const [key, value] of Object.entries(index)) assert.equal(value, all.get(key), key);
});

test("a text project: labels poisoned, a model trained on them, what it memorizes of them measured", async () => {
  const words = ["good", "fine", "bad", "poor", "plot", "cast"];
  // Each review has a word of its class and one that says nothing.
  const reviews = Array.from({ length: 80 }, (_, i) => ({
    image: `review ${i}`,
    label: i % 2 === 0 ? "negative" : "positive",
    words: [words[(i % 2 === 0 ? 2 : 0) + (Math.floor(i / 2) % 2)], words[4 + (Math.floor(i / 4) % 2)]],
  }));
  const classes = ["negative", "positive"];
  const features = {
    shape: [reviews.length, words.length],
    values: Float32Array.from(reviews.flatMap((review) => words.map((word) => Number(review.words.includes(word))))),
  };
  const numbers = (labels: string[]) => labels.map((label) => classes.indexOf(label));
  const params = {
    epochs: 40,
    batch_size: 8,
    optimizer: "adam",
    learning_rate: 0.05,
    hidden_units: 8,
    dropout: 0,
  } as const;
  const truth = numbers(reviews.map(({ label }) => label));

  const rows = await index.poisonLabels(reviews, { poison: 10, seed: 1 });
  const given = numbers(rows.map(({ label }) => label));
  assert.equal(given.filter((label, i) => label !== truth[i]).length, 8);
  const options = { classes, seed: 1, params, device: "cpu" } as const;
  const top = await index.trainTop({ features, targets: given }, { features, targets: truth }, options);
  const probabilities = index.predict(top, features.values);
  // Ten reviews of each kind have the same words, of which at most four are poisoned: the model follows the majority.
  assert.equal(index.accuracy(probabilities, truth), 1);
  assert.equal(index.validationMetrics(probabilities, truth, classes).auroc, 1);
  const predicted = probabilities.map((row) => Number((row[1] as number) > 0.5));
  assert.deepEqual(index.memorization({ predicted, given, truth }), {
    wrong_labels_memorized: 0,
    true_labels_learned: 1,
  });
});
