import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluateTraining } from "../../../src/evaluate/evaluate.ts";
import { LABELS, SETS, trained } from "../../support/trained.ts";

test("a review joins what is true to what training was told, by image", () => {
  // d, given cats, is taken for a cat: memorized; c for a dog; b, given dogs, for a cat: not memorized; a for a dog.
  const { memorization, validation, figures } = evaluateTraining(trained([-1, 1, -1, 1], [-2, 3]), SETS, LABELS);
  assert.deepEqual(memorization, { wrong_labels_memorized: 0.5, true_labels_learned: 0.5 });
  assert.deepEqual(validation.recall, { cats: 1, dogs: 1 });
  assert.equal(validation.auroc, 1);
  assert.equal(validation.brier_score, 0.008229); // (0.119203² + 0.047426²) / 2, to six decimals
  assert.deepEqual(Object.keys(figures), ["confusion", "roc", "precision-recall", "probabilities", "reliability"]);
  assert.deepEqual(figures.confusion?.[0], { label: "cats", predicted: "cats", images: 1, share: 1 });
});

test("a model that diverged is reviewed as one that knows nothing", () => {
  const { memorization, validation, figures } = evaluateTraining(
    trained([NaN, NaN, NaN, NaN], [NaN, NaN]),
    SETS,
    LABELS,
  );
  assert.deepEqual(memorization, { wrong_labels_memorized: 0.5, true_labels_learned: 0.5 });
  const { recall, precision, ...rest } = validation;
  assert.deepEqual(rest, { auroc: 0.5, average_precision: 0.5, brier_score: 0.25, expected_calibration_error: 0 });
  assert.deepEqual(
    [recall, precision],
    [
      { cats: 1, dogs: 0 },
      { cats: 0.5, dogs: null },
    ],
  );
  assert.doesNotMatch(JSON.stringify(figures), /null/);
});
