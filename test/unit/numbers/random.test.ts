import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Random } from "../../../src/numbers/random.ts";

test("gives the numbers of the reference implementation of xoshiro128**", () => {
  const random = Random.fromState([1, 2, 3, 4]);
  const first = Array.from({ length: 8 }, () => random.bits());
  assert.deepEqual(first, [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849]);
});

test("a seed and a stream decide everything", () => {
  const draw = (seed: number, ...stream: (string | number)[]) => new Random(seed, ...stream).bits();
  assert.equal(draw(1, "poison", "cats"), draw(1, "poison", "cats"));
  const others = [
    draw(2, "poison", "cats"),
    draw(1, "poison", "dogs"),
    draw(1, "poisoncats"),
    draw(1, "poison"),
    draw(1, "cats", "poison"),
  ];
  assert.equal(new Set([draw(1, "poison", "cats"), ...others]).size, 6);
});

test("integers fill their range evenly", () => {
  const random = new Random(1);
  const counts = new Array(6).fill(0);
  for (let i = 0; i < 60_000; i++) counts[random.integer(6)]++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  assert.ok(chiSquare < 20.5, `chi-square ${chiSquare} with 5 degrees of freedom`); // 99.9 % quantile
  assert.throws(() => random.integer(0), RangeError);
});

test("floats are in [0, 1) with mean 1/2, normals have mean 0 and variance 1", () => {
  const random = new Random(3);
  const floats = Array.from({ length: 50_000 }, () => random.float());
  assert.ok(floats.every((value) => value >= 0 && value < 1));
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  assert.ok(Math.abs(mean(floats) - 0.5) < 0.005);
  const normals = floats.map(() => random.normal());
  assert.ok(Math.abs(mean(normals)) < 0.02);
  assert.ok(Math.abs(mean(normals.map((value) => value * value)) - 1) < 0.03);
});

test("a permutation holds every index once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 300 }), (seed, n) => {
      assert.deepEqual(
        [...new Random(seed).permutation(n)].sort((a, b) => a - b),
        Array.from({ length: n }, (_, i) => i),
      );
    }),
  );
});
