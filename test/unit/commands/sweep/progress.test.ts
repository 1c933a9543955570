import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { describeSweep, startSweepProgress } from "../../../../src/commands/sweep/progress.ts";

test("how long an experiment takes, and the rest, jobs beside each other", () => {
  assert.equal(
    describeSweep({ done: 3, total: 8, jobs: 1, times: [16, 18] }),
    "sweep: 3 of 8 experiments, 17 s an experiment, 1 min 25 s left",
  );
  assert.match(describeSweep({ done: 3, total: 8, jobs: 2, times: [16, 18] }), /, 51 s left$/); // three rounds of two
  assert.equal(describeSweep({ done: 1, total: 8, jobs: 1, times: [] }), "sweep: 1 of 8 experiments");
});

test("the first experiment and cached ones do not count; the last line has no estimate", () => {
  const out = new PassThrough();
  const progress = startSweepProgress(3, 1, out as unknown as NodeJS.WriteStream);
  progress.ended("a: val_accuracy 0.9");
  progress.ended("b: val_accuracy 0.8", 20);
  progress.ended("c: failed: why");
  progress.end();
  assert.deepEqual(
    out
      .read()
      .toString()
      .replace(/ in [\d.]+ s/, " in T")
      .trim()
      .split("\n"),
    [
      "sweep: a: val_accuracy 0.9",
      "sweep: 1 of 3 experiments",
      "sweep: b: val_accuracy 0.8",
      "sweep: 2 of 3 experiments, 20 s an experiment, 20 s left",
      "sweep: c: failed: why",
      "sweep: 3 experiments in T (20 s an experiment)",
    ],
  );
});
