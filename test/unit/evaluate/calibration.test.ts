import assert from "node:assert/strict";
import { test } from "node:test";
import { calibrationBins, expectedCalibrationError } from "../../../src/evaluate/calibration.ts";
import { close, two } from "../../support/classified.ts";

test("calibration: 15 bins of confidence; the error is the gap between confidence and accuracy, weighted by images", () => {
  // Confidences 0.9, 0.92 and, of the first class, 0.9: bin 13 (0.867–0.933); 0.62: bin 9.
  const bins = calibrationBins(two([0.9, 0.92, 0.1, 0.62], [1, 0, 0, 1]));
  assert.equal(bins.length, 2);
  assert.deepEqual(
    bins.map(({ images }) => images),
    [1, 3],
  );
  close(bins[1]?.confidence, 2.72 / 3);
  close(bins[1]?.accuracy, 2 / 3);
  close(expectedCalibrationError(bins), (1 / 4) * 0.38 + (3 / 4) * (2.72 / 3 - 2 / 3));
  assert.deepEqual(calibrationBins(two([1, 0], [1, 0])), [{ confidence: 1, accuracy: 1, images: 2 }]);
});
