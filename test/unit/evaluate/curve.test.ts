import assert from "node:assert/strict";
import { test } from "node:test";
import { averageCurve, linearAt, stepAt, thinCurve } from "../../../src/evaluate/curve.ts";
import { close } from "../../support/classified.ts";

test("a curve is read between its points and at steps; averaged over a grid; thinned to its corners, the ends kept", () => {
  const line = [
    { x: 0, y: 0 },
    { x: 0, y: 0.5 },
    { x: 0.5, y: 0.5 },
    { x: 1, y: 1 },
  ];
  assert.deepEqual(
    [0, 0.25, 0.5, 0.75, 1].map((x) => linearAt(line, x)),
    [0.5, 0.5, 0.5, 0.75, 1],
  );
  assert.deepEqual(
    [0, 0.25, 0.5, 0.75, 1].map((x) => stepAt(line, x)),
    [0, 0.5, 0.5, 1, 1],
  );
  const mean = averageCurve(
    [
      line,
      [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
    ],
    linearAt,
  );
  assert.equal(mean.length, 101);
  close(mean[50]?.y, 0.5);
  close(mean[0]?.y, 0.25);
  assert.deepEqual(averageCurve([], linearAt), []);

  const straight = Array.from({ length: 50 }, (_, i) => ({ x: i / 49, y: i / 49 }));
  assert.deepEqual(thinCurve(straight, 10), [straight[0], straight[49]]);
  const stairs = Array.from({ length: 501 }, (_, i) => ({ x: Math.ceil(i / 2) / 250, y: Math.floor(i / 2) / 250 }));
  const thin = thinCurve(stairs, 100);
  assert.equal(thin.length, 100);
  assert.deepEqual([thin[0], thin[99]], [stairs[0], stairs[500]]);
  assert.ok(thin.every((point, i) => i === 0 || point.x >= (thin[i - 1] as { x: number }).x));
});
