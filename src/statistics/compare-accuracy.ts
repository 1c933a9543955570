import type { Prediction } from "../records/training/predictions.ts";

/** How the accuracies of two models differ: head's minus base's, with a 95 % interval, all shares 0–1. */
export type AccuracyComparison = { difference: number; interval: [number, number] } & (
  | {
      /** Both models were tried on the same images. */
      kind: "paired";
      images: number;
      /** Right by base, wrong by head; and the other way round. */
      lost: number;
      gained: number;
      /** Exact McNemar test. */
      p: number;
    }
  | { kind: "independent"; images: [number, number] }
);

/** The normal distribution's 97.5 % quantile. */
const Z = 1.959964;

/** Compares two models by their predictions: image by image where the images are the same, else as two samples. */
export function compareAccuracy(base: readonly Prediction[], head: readonly Prediction[]): AccuracyComparison {
  const before = new Map(base.map((row) => [row.image, row]));
  const same = base.length === head.length && head.every(({ image, label }) => before.get(image)?.label === label);
  if (!same) return independent(base, head);
  const wasRight = (row: Prediction) => isRight(before.get(row.image) as Prediction);
  const lost = head.filter((row) => wasRight(row) && !isRight(row)).length;
  const gained = head.filter((row) => !wasRight(row) && isRight(row)).length;
  const images = head.length;
  // Bonett and Price (2012), https://doi.org/10.3102/1076998611411915
  const [down, up] = [(lost + 1) / (images + 2), (gained + 1) / (images + 2)];
  const half = Z * Math.sqrt((down + up - (up - down) ** 2) / (images + 2));
  return {
    kind: "paired",
    images,
    lost,
    gained,
    difference: (gained - lost) / images,
    interval: [up - down - half, up - down + half],
    p: mcNemar(lost, gained),
  };
}

/**
 * Exact McNemar test: the probability of a split as uneven as this, or more, if an image that only one model gets right were as
 * likely to be either's. https://doi.org/10.1007/BF02295996
 */
export function mcNemar(lost: number, gained: number): number {
  const n = lost + gained;
  let term = -n * Math.LN2; // logarithm of the binomial probability of k of n, from k = 0
  let sum = 0;
  for (let k = 0; k <= Math.min(lost, gained); k++) {
    sum += Math.exp(term);
    term += Math.log((n - k) / (k + 1));
  }
  return Math.min(1, 2 * sum);
}

/** Agresti and Caffo (2000), https://doi.org/10.1080/00031305.2000.10474560 */
function independent(base: readonly Prediction[], head: readonly Prediction[]): AccuracyComparison {
  const [a, b] = [base, head].map((rows) => {
    const right = rows.filter(isRight).length;
    const share = (right + 1) / (rows.length + 2);
    return { accuracy: right / rows.length, share, variance: (share * (1 - share)) / (rows.length + 2) };
  }) as [Sample, Sample];
  const half = Z * Math.sqrt(a.variance + b.variance);
  return {
    kind: "independent",
    images: [base.length, head.length],
    difference: b.accuracy - a.accuracy,
    interval: [b.share - a.share - half, b.share - a.share + half],
  };
}

interface Sample {
  accuracy: number;
  share: number;
  variance: number;
}

const isRight = ({ label, predicted }: Prediction): boolean => label === predicted;
