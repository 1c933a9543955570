import type { Figures } from "../records/training/figures.ts";
import { MOST_CLASSES } from "../records/training/many-classes.ts";
import { calibrationBins } from "./calibration.ts";
import { type Classified, eachRanking, type Ranking } from "./classified.ts";
import { confusionCells, confusionMatrix, imagesBy } from "./confusion.ts";
import { averageCurve, type Curve, linearAt, stepAt, thinCurve } from "./curve.ts";
import { truthHistogram } from "./histogram.ts";
import { precisionRecallCurve } from "./precision-recall.ts";
import { rocCurve } from "./roc.ts";

/** A curve has at most so many points: what a figure of 300 pixels can show. */
const MOST_POINTS = 200;

/** Of more than {@link MOST_CLASSES} classes the confusion matrix has so many pairs. */
export const MOST_PAIRS = 20;

/** What the figures of the validation are drawn from. */
export function validationFigures(
  validated: Classified,
  classNames: readonly string[],
): Omit<Figures, "poison" | "run"> {
  const many = classNames.length > MOST_CLASSES;
  const roc = macroCurve(validated, linearAt, (ranking) =>
    rocCurve(ranking).map((point) => ({ x: point.false_positive_rate, y: point.true_positive_rate })),
  );
  const precisionRecall = macroCurve(validated, stepAt, (ranking) =>
    precisionRecallCurve(ranking).map(({ recall, precision }) => ({ x: recall, y: precision })),
  );
  return {
    confusion: many ? mostConfused(validated, classNames) : wholeMatrix(validated, classNames),
    roc: roc.map(({ x, y }) => ({ false_positive_rate: x, true_positive_rate: y })),
    "precision-recall": precisionRecall.map(({ x, y }) => ({ recall: x, precision: y })),
    probabilities: truthHistogram(validated, many).map(({ class: label, ...bin }) => ({
      label: many ? `all ${classNames.length} classes` : (classNames[label] as string),
      ...bin,
    })),
    reliability: calibrationBins(validated).map(({ ...bin }) => bin),
  };
}

function wholeMatrix(validated: Classified, classNames: readonly string[]): Figures["confusion"] {
  return confusionMatrix(validated).flatMap((row, label) => {
    const all = Math.max(
      1,
      row.reduce((a, b) => a + b, 0),
    );
    return row.map((images, predicted) => ({
      label: classNames[label] as string,
      predicted: classNames[predicted] as string,
      images,
      share: images / all,
    }));
  });
}

/** The pairs of which one class is taken for the other most often: by images, then by their share of the true class. */
function mostConfused(validated: Classified, classNames: readonly string[]): Figures["confusion"] {
  const cells = confusionCells(validated);
  const all = imagesBy("label", cells, classNames.length);
  return cells
    .filter(({ label, predicted }) => label !== predicted)
    .map(({ label, predicted, images }) => ({
      label: classNames[label] as string,
      predicted: classNames[predicted] as string,
      images,
      share: images / (all[label] as number),
    }))
    .sort((a, b) => b.images - a.images || b.share - a.share)
    .slice(0, MOST_PAIRS);
}

/** Of two classes there is one curve; of more, the mean of one against the rest. */
function macroCurve(
  validated: Classified,
  at: (curve: Curve, x: number) => number,
  draw: (ranking: Ranking) => Curve,
): Curve {
  return thinCurve(averageCurve(drawn(validated, draw), at), MOST_POINTS);
}

function* drawn(validated: Classified, draw: (ranking: Ranking) => Curve): Generator<Curve> {
  for (const ranking of eachRanking(validated)) {
    const curve = draw(ranking);
    if (curve.length > 0) yield curve;
  }
}
