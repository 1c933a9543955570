import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { type Result, summarizeLevels } from "../../../../src/commands/sweep/summary.ts";
import { markdownTable, textTable } from "../../../../src/commands/sweep/table.ts";
import { estimate, holm, pairedTTest } from "../../../../src/statistics/statistics.ts";

const near = (a: number | null, b: number, tolerance = 1e-9) =>
  assert.ok(a !== null && Math.abs(a - b) < tolerance, `${a}, expected ${b}`);

test("mean, interval and paired test agree with SciPy", () => {
  const values = [0.881, 0.893, 0.876, 0.889, 0.884];
  const script = `
from scipy import stats
import numpy, sys
v = numpy.array(eval(sys.argv[1]))
print(v.mean(), stats.sem(v) * stats.t.ppf(0.975, len(v) - 1), stats.ttest_1samp(v - 0.88, 0).pvalue)`;
  const said = execFileSync(".venv/bin/python", ["-c", script, JSON.stringify(values)], { encoding: "utf8" });
  const [mean, half, p] = said.trim().split(" ").map(Number) as [number, number, number];
  near(estimate(values).mean, mean);
  near(estimate(values).half_width, half, 1e-8);
  near(pairedTTest(values.map((value) => value - 0.88)), p, 1e-8);
});

test("one value has no interval and no test; equal differences are certain", () => {
  assert.deepEqual(estimate([0.5]), { mean: 0.5, half_width: null });
  assert.equal(pairedTTest([0.1]), null);
  assert.equal(pairedTTest([0, 0, 0]), 1);
  assert.equal(pairedTTest([0.5, 0.5]), 0);
});

test("Holm's correction, checked by hand", () => {
  assert.deepEqual(holm([0.04, null, 0.01, 0.03]), [0.06, null, 0.03, 0.06]);
  assert.deepEqual(holm([0.9, 0.8]), [1, 1]);
});

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

test("levels are summed up over seeds, drops paired by seed", () => {
  const results = [result(5, 2, 0.85), result(0, 1, 0.9), result(5, 1, 0.87), result(0, 2, 0.88), result(5, 3, 0.5)];
  const [clean, five] = summarizeLevels(results) as [
    ReturnType<typeof summarizeLevels>[0],
    ReturnType<typeof summarizeLevels>[0],
  ];
  assert.deepEqual([clean.level, clean.n, clean.drop, clean.p], [0, 2, null, null]);
  near(clean.val_accuracy.mean, 0.89);
  assert.deepEqual([five.level, five.n, five.poisoned_images], [5, 3, 100]);
  near(five.drop?.mean ?? null, 0.03); // seed 3 has no base line and counts for no drop
  near(five.p, 0, 1e-6);
});

test("the table says what its figures are", () => {
  const levels = summarizeLevels([result(0, 1, 0.9), result(0, 2, 0.88), result(7.5, 1, 0.8)]);
  assert.match(textTable(levels, "+-"), /7\.5 %\s+150\s+1\s+80\.0 %/);
  assert.match(textTable(levels, "+-"), /89\.0 \+- 12\.7 %/);
  const markdown = markdownTable(levels);
  assert.match(markdown, /^\| poison \| swapped \| n \|/);
  assert.match(markdown, /\| 7\.5 % \| 150 \| 1 \| 80\.0 % \|.*\| 10\.0 % \| {2}\|$/m);
  assert.match(markdown, /paired two-sided t-test/);
});
