import { type Classified, type Ranking, rankings } from "../../evaluate/classified.ts";
import { StageError } from "../../runtime/errors.ts";

/**
 * The probabilities that a model gives: of n things with two classes the probability of the second class [n], or of each class
 * [n][classes], whose rows sum to 1. Each 0–1.
 */
export type Probabilities = ArrayLike<number> | readonly ArrayLike<number>[];

/** Rows may sum to 1 but for this: probabilities are often float32, or rounded. */
const ROUNDING = 1e-3;

/**
 * Holds probabilities against the classes that are true.
 * @param targets class number of each thing, from 0.
 * @throws StageError naming the first thing that cannot be: another number of targets, no probability, no class.
 */
export function classified(probabilities: Probabilities, targets: ArrayLike<number>): Classified {
  if (probabilities.length !== targets.length)
    throw refuse(`there are ${probabilities.length} probabilities for ${targets.length} targets`);
  if (targets.length === 0) throw refuse("there is no target: there is nothing to measure");
  const rows = Array.from(probabilities as ArrayLike<number | ArrayLike<number>>, (row) =>
    typeof row === "number" ? [1 - row, row] : Array.from(row),
  );
  const classes = rows[0]?.length ?? 0;
  if (classes < 2) throw refuse(`probabilities[0] has ${classes} values; there must be two classes or more`);
  for (const [i, row] of rows.entries()) {
    if (row.length !== classes)
      throw refuse(`probabilities[${i}] has ${row.length} values, and probabilities[0] ${classes}`);
    const stray = row.find((value) => !(value >= 0 && value <= 1));
    if (stray !== undefined) throw refuse(`probabilities[${i}] holds ${stray}; it must be 0 to 1`);
    const sum = row.reduce((a, b) => a + b, 0);
    if (Math.abs(sum - 1) > ROUNDING) throw refuse(`probabilities[${i}] sums to ${sum}; it must be 1`);
  }
  assertClasses("targets", targets, classes);
  return { probabilities: rows, targets };
}

/** @throws StageError naming the first value that is no class number below `classes`. */
export function assertClasses(name: string, values: ArrayLike<number>, classes = Number.POSITIVE_INFINITY): void {
  const stray = Array.from(values).findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < classes));
  if (stray < 0) return;
  const most = Number.isFinite(classes) ? `0 to ${classes - 1}` : "0, 1, 2, …";
  throw refuse(`${name}[${stray}] is ${values[stray]}; it must be a class number, ${most}`);
}

/** @throws StageError when two lists that belong together are not of one length. */
export function assertAsLong(name: string, values: ArrayLike<number>, other: string, others: ArrayLike<number>): void {
  if (values.length !== others.length) throw refuse(`there are ${values.length} ${name} for ${others.length} ${other}`);
}

/** The mean of a metric over the rankings that have one; null where none has: of two classes there is one ranking, of more one a class. */
export function meanOfRankings(of: Classified, metric: (ranking: Ranking) => number | null): number | null {
  const values = rankings(of)
    .map(metric)
    .filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}

const refuse = (what: string) => new StageError(`${what}.`);
