import jstat from "jstat";

const { studentt } = jstat.jStat;

/** A mean and its 95 % confidence interval. */
export interface Estimate {
  mean: number;
  /** Half the width of the interval; null with fewer than two values. */
  half_width: number | null;
}

/** Mean of some values with Student's t interval at 95 %: it assumes that the seeds' values scatter normally. */
export function estimate(values: readonly number[]): Estimate {
  const n = values.length;
  if (n < 2) return { mean: meanOf(values), half_width: null };
  return { mean: meanOf(values), half_width: studentt.inv(0.975, n - 1) * (deviation(values) / Math.sqrt(n)) };
}

/**
 * Paired two-sided t-test: the probability of differences at least this large in the mean if there were none.
 * @returns p in 0–1; null with fewer than two pairs; 0 or 1 where all differences are equal.
 */
export function pairedTTest(differences: readonly number[]): number | null {
  const n = differences.length;
  if (n < 2) return null;
  const error = deviation(differences) / Math.sqrt(n);
  if (error === 0) return meanOf(differences) === 0 ? 1 : 0;
  return 2 * (1 - studentt.cdf(Math.abs(meanOf(differences)) / error, n - 1));
}

/** Holm's correction for several tests at once (Holm 1979): adjusted p-values in the order given; null stays null. */
export function holm(ps: readonly (number | null)[]): (number | null)[] {
  const tested = ps.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  const adjusted = ps.map((): number | null => null);
  let highest = 0;
  for (const [rank, { p, index }] of tested.entries()) {
    highest = Math.max(highest, Math.min(1, p * (tested.length - rank)));
    adjusted[index] = highest;
  }
  return adjusted;
}

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Sample standard deviation. */
function deviation(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
