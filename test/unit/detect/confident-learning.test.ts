import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { learnConfidently } from "../../../src/detect/confident-learning.ts";

interface Case {
  labels: number[];
  probabilities: number[][];
  joint: number[][];
  issues: number[];
  self_confidence: number[];
  normalized_margin: number[];
}

const { cleanlab, cases } = JSON.parse(readFileSync("test/golden/cleanlab.json", "utf8")) as {
  cleanlab: string;
  cases: Case[];
};

for (const { labels, probabilities, ...expected } of cases)
  test(`${labels.length} images of ${expected.joint.length} classes: as cleanlab ${cleanlab} has it`, () => {
    const found = learnConfidently(labels, probabilities);
    assert.deepEqual(found.joint, expected.joint);
    assert.deepEqual(found.issues, expected.issues);
    for (const [name, values] of [
      ["self_confidence", found.selfConfidence],
      ["normalized_margin", found.normalizedMargin],
    ] as const)
      for (const [i, value] of values.entries())
        assert.ok(Math.abs(value - (expected[name][i] as number)) < 1e-8, `${name} ${i}`);
  });
