import type { Figures } from "../records/training/figures.ts";
import { calibrationBins } from "./calibration.ts";
import { type Classified, rankings } from "./classified.ts";
import { confusionMatrix } from "./confusion.ts";
import { averageCurve, type Curve, linearAt, stepAt, thinCurve } from "./curve.ts";
import { truthHistogram } from "./histogram.ts";
import { precisionRecallCurve } from "./precision-recall.ts";
import { rocCurve } from "./roc.ts";

/** A curve has at most so many points: what a figure of 300 pixels can show. */
const MOST_POINTS = 200;

/** What the figures of the validation are drawn from. */
export function validationFigures(
  validated: Classified,
  classNames: readonly string[],
): Omit<Figures, "poison" | "run"> {
  const matrix = confusionMatrix(validated);
  const roc = rankings(validated).map((ranking) =>
    rocCurve(ranking).map((point) => ({ x: point.false_positive_rate, y: point.true_positive_rate })),
  );
  const precisionRecall = rankings(validated).map((ranking) =>
    precisionRecallCurve(ranking).map(({ recall, precision }) => ({ x: recall, y: precision })),
  );
  return {
    confusion: matrix.flatMap((row, label) =>
      row.map((images, predicted) => ({
        label: classNames[label] as string,
        predicted: classNames[predicted] as string,
        images,
        share:
          images /
          Math.max(
            1,
            row.reduce((a, b) => a + b, 0),
          ),
      })),
    ),
    roc: oneCurve(roc, linearAt).map(({ x, y }) => ({ false_positive_rate: x, true_positive_rate: y })),
    "precision-recall": oneCurve(precisionRecall, stepAt).map(({ x, y }) => ({ recall: x, precision: y })),
    probabilities: truthHistogram(validated).map(({ class: label, ...bin }) => ({
      label: classNames[label] as string,
      ...bin,
    })),
    reliability: calibrationBins(validated).map(({ ...bin }) => bin),
  };
}

/** Of two classes there is one curve; of more, the mean of one against the rest. */
function oneCurve(curves: readonly Curve[], at: (curve: Curve, x: number) => number): Curve {
  const drawn = curves.filter((curve) => curve.length > 0);
  return thinCurve(drawn.length === 1 ? (drawn[0] as Curve) : averageCurve(drawn, at), MOST_POINTS);
}
