import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { estimate, pairedTTest } from "../../../src/statistics/statistics.ts";

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
