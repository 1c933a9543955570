import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { probabilitiesOf, scoreLogits } from "../../../src/train/cross-entropy.ts";

test("binary cross-entropy and accuracy, checked by hand", () => {
  const { loss, accuracy } = scoreLogits(Float32Array.of(0, Math.log(3), -Math.log(3), Math.log(3)), [1, 1, 0, 0], 1);
  // probabilities 1/2, 3/4, 1/4, 3/4
  const expected = (Math.log(2) + Math.log(4 / 3) + Math.log(4 / 3) + Math.log(4)) / 4;
  assert.ok(Math.abs(loss - expected) < 1e-7);
  assert.equal(accuracy, 0.5); // a logit of 0 is class 0, as Keras has it
});

test("categorical cross-entropy and accuracy, checked by hand", () => {
  const { loss, accuracy } = scoreLogits(Float32Array.of(Math.log(2), 0, 0, 0, Math.log(6), 0), [0, 2], 3);
  assert.ok(Math.abs(loss - (Math.log(2) + Math.log(8)) / 2) < 1e-7); // probabilities 1/2 and 1/8
  assert.equal(accuracy, 0.5);
});

test("the loss is finite and probabilities sum to one, however extreme the logits", () => {
  const logit = fc.float({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 5),
      fc.array(fc.tuple(fc.array(logit, { minLength: 5, maxLength: 5 }), fc.nat(4)), { minLength: 1 }),
      (outputs, rows) => {
        const logits = Float32Array.from(rows.flatMap(([values]) => values.slice(0, outputs)));
        const classes = rows.map(([, target]) => target % Math.max(2, outputs));
        const { loss, accuracy } = scoreLogits(logits, classes, outputs);
        assert.ok(Number.isFinite(loss) && loss >= 0, `loss ${loss}`);
        assert.ok(accuracy >= 0 && accuracy <= 1);
        for (const row of probabilitiesOf(logits, outputs)) {
          assert.ok(row.every((p) => p >= 0 && p <= 1));
          assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-12);
        }
      },
    ),
  );
});
