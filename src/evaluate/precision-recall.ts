import type { Ranking } from "./classified.ts";
import { sweepThresholds } from "./thresholds.ts";

/** A point of the precision–recall curve, both shares 0–1. */
export interface PrecisionRecallPoint {
  /** Share of the positives that the threshold finds. */
  recall: number;
  /** Share of positives in what it finds. */
  precision: number;
}

/** The curve by rising recall, a point a threshold, each valid from the recall before it up to its own; nothing without positives. */
export function precisionRecallCurve(ranking: Ranking): PrecisionRecallPoint[] {
  const found = sweepThresholds(ranking);
  const all = found.at(-1)?.positives;
  if (!all) return [];
  const points = found.map(({ positives, others }) => ({
    recall: positives / all,
    precision: positives / (positives + others),
  }));
  return [{ recall: 0, precision: (points[0] as PrecisionRecallPoint).precision }, ...points];
}

/** Mean precision over the recall that each threshold adds, without interpolation, as in scikit-learn; 0–1. */
export function averagePrecision(ranking: Ranking): number | null {
  const curve = precisionRecallCurve(ranking);
  if (curve.length === 0) return null;
  return curve
    .slice(1)
    .reduce(
      (sum, { recall, precision }, i) => sum + (recall - (curve[i] as PrecisionRecallPoint).recall) * precision,
      0,
    );
}
