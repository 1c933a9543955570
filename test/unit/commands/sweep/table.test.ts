import assert from "node:assert/strict";
import { test } from "node:test";
import { type Result, summarizeLevels } from "../../../../src/commands/sweep/summary.ts";
import { levelsMarkdown, levelsText, oneSeed } from "../../../../src/commands/sweep/table.ts";

const result = (level: number, seed: number, val_accuracy: number): Result => ({
  level,
  seed,
  poisoned_images: level * 20,
  val_accuracy,
  val_loss: 0.5,
  accuracy: 0.95,
  loss: 0.1,
  generalization_gap: 0.95 - val_accuracy,
});

test("the table says what its figures are", () => {
  const levels = summarizeLevels([result(0, 1, 0.9), result(0, 2, 0.88), result(7.5, 1, 0.8)]);
  assert.match(levelsText(levels, "+-"), /7\.5 %\s+150\s+1\s+80\.0 %/);
  assert.match(levelsText(levels, "+-"), /89\.0 \+- 12\.7 %/);
  const markdown = levelsMarkdown(levels);
  assert.match(markdown, /^\| poison \| swapped \| n \|/);
  assert.match(markdown, /\| 7\.5 % \| 150 \| 1 \| 80\.0 % \|.*\| 15\.0 \| 10\.0 \| \|$/m);
  assert.match(markdown, /paired two-sided t-test/);
  assert.equal(oneSeed(levels), "");
});

test("one seed has no interval and no p, and the table says how to get them", () => {
  const levels = summarizeLevels([result(0, 1, 0.9), result(7.5, 1, 0.8)]);
  assert.equal(oneSeed(levels), "one seed, so no interval: --seeds 1..5");
  const markdown = levelsMarkdown(levels);
  assert.match(markdown, /one seed, so no interval: --seeds 1\.\.5\. gap/);
  assert.doesNotMatch(markdown, /±|t-test/);
});
