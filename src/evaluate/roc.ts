import type { Ranking } from "./classified.ts";
import { sweepThresholds } from "./thresholds.ts";

/** A point of the receiver operating characteristic, both shares 0–1. */
export interface RocPoint {
  /** Share of the others that the threshold lets through. */
  false_positive_rate: number;
  /** Share of the positives that it finds. */
  true_positive_rate: number;
}

/** The curve from (0, 0) to (1, 1), a point a threshold; nothing when there are only positives or none. */
export function rocCurve(ranking: Ranking): RocPoint[] {
  const found = sweepThresholds(ranking);
  const all = found.at(-1);
  if (!all?.positives || !all.others) return [];
  return [{ positives: 0, others: 0 }, ...found].map(({ positives, others }) => ({
    false_positive_rate: others / all.others,
    true_positive_rate: positives / all.positives,
  }));
}

/** Area under the curve: the probability that a positive scores higher than another image, ties counting half; 0–1. */
export function auroc(ranking: Ranking): number | null {
  const curve = rocCurve(ranking);
  if (curve.length === 0) return null;
  return curve.slice(1).reduce((area, to, i) => {
    const from = curve[i] as RocPoint;
    const width = to.false_positive_rate - from.false_positive_rate;
    return area + (width * (from.true_positive_rate + to.true_positive_rate)) / 2;
  }, 0);
}
