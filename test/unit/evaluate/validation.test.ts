import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { predictedClasses } from "../../../src/evaluate/classified.ts";
import { validationFigures } from "../../../src/evaluate/figures.ts";
import { validationMetrics } from "../../../src/evaluate/validation.ts";
import { close } from "../../support/classified.ts";

/** Images of two to four classes; probabilities in steps, so that there are ties. */
const classified = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 60 }))
  .chain(([classes, images]) =>
    fc.record({
      probabilities: fc.array(
        fc
          .array(fc.integer({ min: 0, max: 5 }), { minLength: classes, maxLength: classes })
          .map((parts) => (parts.some((part) => part > 0) ? parts : parts.map(() => 1)))
          .map((parts) => parts.map((part) => part / parts.reduce((a: number, b) => a + b, 0))),
        { minLength: images, maxLength: images },
      ),
      targets: fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: images, maxLength: images }),
    }),
  );

test("every metric of any model lies where it may; shares of a figure add up", () => {
  fc.assert(
    fc.property(classified, (model) => {
      const names = (model.probabilities[0] ?? []).map((_, c) => `class ${c}`);
      const { recall, precision, ...rest } = validationMetrics(model, names);
      for (const value of [rest, recall, precision].flatMap(Object.values)) {
        assert.ok(value === null || (value >= 0 && value <= 1 + 1e-12), JSON.stringify({ rest, recall, precision }));
      }
      const right = predictedClasses(model).filter((c, i) => c === model.targets[i]).length;
      const figures = validationFigures(model, names);
      const images = (rows: { images: number }[]) => rows.reduce((sum, row) => sum + row.images, 0);
      assert.equal(images(figures.confusion), model.targets.length);
      assert.equal(images(figures.confusion.filter(({ label, predicted }) => label === predicted)), right);
      assert.equal(images(figures.probabilities), model.targets.length);
      assert.equal(images(figures.reliability), model.targets.length);
      close(
        figures.reliability.reduce((sum, bin) => sum + bin.accuracy * bin.images, 0),
        right,
      );
      for (const rows of Object.values(figures)) {
        const keys = Object.keys(rows[0] ?? {});
        for (const row of rows) assert.deepEqual(Object.keys(row), keys, "DVC wants the same keys in each row");
      }
    }),
  );
});
