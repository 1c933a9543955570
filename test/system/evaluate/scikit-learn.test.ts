import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Classified, type Ranking, rankings } from "../../../src/evaluate/classified.ts";
import { confusionMatrix } from "../../../src/evaluate/confusion.ts";
import { precisionRecallCurve } from "../../../src/evaluate/precision-recall.ts";
import { rocCurve } from "../../../src/evaluate/roc.ts";
import { validationMetrics } from "../../../src/evaluate/validation.ts";
import { Random } from "../../../src/numbers/random.ts";
import { close } from "../../support/classified.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("agrees with scikit-learn, for two and for four classes", (t) => {
  const folder = temporaryFolder(t);
  const cases = [2, 4].map((classes) => {
    const random = new Random(3, "scikit-learn", classes);
    const truth = Array.from({ length: 300 }, (_, i) => i % classes);
    const probabilities = truth.map((label) => {
      // Two decimals, so that there are ties.
      const powers = Array.from({ length: classes }, (_, c) =>
        Math.max(0.01, Number(Math.exp(random.normal() + (c === label ? 1 : 0)).toFixed(1))),
      );
      const sum = powers.reduce((a, b) => a + b, 0);
      return powers.map((power) => power / sum);
    });
    return { probabilities, targets: truth };
  });
  writeFileSync(join(folder, "cases.json"), JSON.stringify(cases));
  const files = [join(folder, "cases.json"), join(folder, "answers.json")];
  execFileSync(".venv/bin/python", ["test/support/scikit-learn/metrics.py", ...files]);
  const answers = JSON.parse(readFileSync(join(folder, "answers.json"), "utf8"));
  for (const [i, model] of cases.entries()) {
    const names = (model.probabilities[0] ?? []).map(String);
    const { recall, precision, expected_calibration_error: _, ...rest } = validationMetrics(model, names);
    for (const [key, value] of Object.entries(rest)) close(value, answers[i][key], key);
    for (const [c, name] of names.entries()) {
      close(recall[name], answers[i].recall[c], "recall");
      close(precision[name], answers[i].precision[c], "precision");
    }
    assert.deepEqual(confusionMatrix(model), answers[i].confusion);
  }
  const [ranking] = rankings(cases[0] as Classified) as [Ranking];
  const points = (curve: object[]) => curve.map((point) => Object.values(point) as number[]);
  const same = (ours: number[][], theirs: number[][]) => {
    assert.equal(ours.length, theirs.length);
    for (const [i, point] of ours.entries()) for (const [j, value] of point.entries()) close(value, theirs[i]?.[j]);
  };
  same(points(rocCurve(ranking)), answers[0].roc);
  same(points(precisionRecallCurve(ranking)).slice(1), answers[0].precision_recall); // ours has a first point at recall 0
});
