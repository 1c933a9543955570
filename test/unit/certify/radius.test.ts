import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { certifiedRadius } from "../../../src/certify/radius.ts";

const sum = (weights: readonly number[], targets: readonly number[]) =>
  weights.reduce((total, w, j) => total + w * (targets[j] as number), 0);

/** The prediction after the flips of a set of bits. */
const flipped = (weights: readonly number[], targets: readonly number[], bits: number) =>
  sum(
    weights,
    targets.map((t, j) => (bits & (1 << j) ? -t : t)),
  );

const count = (bits: number) => bits.toString(2).replaceAll("0", "").length;

test("the radius is tight: no flips of so many labels change the prediction, and some of one more do", () => {
  const entry = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.constantFrom(-1, 1));
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 9 }), (entries) => {
      const weights = entries.map(([w]) => w / 64);
      const targets = entries.map(([, t]) => t);
      const { score, radius } = certifiedRadius(weights, targets);
      assert.ok(Math.abs(score - sum(weights, targets)) < 1e-9);
      if (score === 0) return;
      const sign = Math.sign(score);
      const sets = Array.from({ length: 2 ** entries.length }, (_, bits) => bits);
      for (const bits of sets.filter((bits) => count(bits) <= radius))
        assert.equal(Math.sign(flipped(weights, targets, bits)), sign, `${bits.toString(2)} of ${radius}`);
      assert.ok(radius < entries.length, "all flips change it");
      assert.ok(
        sets.some((bits) => count(bits) === radius + 1 && Math.sign(flipped(weights, targets, bits)) !== sign),
        `${radius + 1} flips change it`,
      );
    }),
    { numRuns: 300 },
  );
});

test("a single image decides alone; votes of equal weight need half of them", () => {
  assert.deepEqual(certifiedRadius([1], [1]), { score: 1, radius: 0 });
  assert.equal(certifiedRadius(new Array(11).fill(1), new Array(11).fill(-1)).radius, 5);
});
