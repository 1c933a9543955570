/*
 * Confident learning (Northcutt, Jiang and Chuang 2021, https://doi.org/10.1613/jair.1.12125), the base line: what a classifier says of images that it has
 * not been trained on, held against what is usual for the labels given. As cleanlab 2.9 computes it.
 */

/** A probability that is less than this below a threshold reaches it. */
const TOLERANCE = 1e-6;

/** What confident learning finds. */
export interface ConfidentLearning {
  /** [classes, classes] how many images are given the label of the row and confidently are of the column's class; the diagonal is 1 at least. */
  joint: number[][];
  /** Rows that are confidently of another class than the one given, those whose own label is least probable first. */
  issues: number[];
  /** [n] the probability of the label given. */
  selfConfidence: Float64Array;
  /** [n] half of 1 + that − the greatest of the others. */
  normalizedMargin: Float64Array;
}

/**
 * An image is confidently of a class whose probability reaches the mean that images given this label have; of several the most probable one.
 * @param labels [n] class indices given. @param probabilities [n, classes], of a classifier trained on other images.
 */
export function learnConfidently(
  labels: ArrayLike<number>,
  probabilities: readonly ArrayLike<number>[],
): ConfidentLearning {
  const classes = probabilities[0]?.length ?? 0;
  const all = Array.from({ length: classes }, (_, c) => c);
  const thresholds = all.map((c) =>
    mean(probabilities.flatMap((row, i) => (labels[i] === c ? [row[c] as number] : []))),
  );
  const joint = all.map(() => all.map(() => 0));
  const issues: number[] = [];
  const selfConfidence = new Float64Array(labels.length);
  const normalizedMargin = new Float64Array(labels.length);
  for (const [i, row] of probabilities.entries()) {
    const label = labels[i] as number;
    const at = (c: number) => row[c] as number;
    const confident = all.filter((c) => at(c) >= (thresholds[c] as number) - TOLERANCE);
    const best = (among: readonly number[]) => among.reduce((a, b) => (at(b) > at(a) ? b : a));
    selfConfidence[i] = at(label);
    normalizedMargin[i] = (1 + at(label) - Math.max(...all.filter((c) => c !== label).map(at))) / 2;
    if (confident.length === 0) continue;
    const guess = confident.length === 1 ? (confident[0] as number) : best(all);
    const counts = joint[label] as number[];
    counts[guess] = (counts[guess] as number) + 1;
    if (guess !== label) issues.push(i);
  }
  for (const c of all) (joint[c] as number[])[c] = Math.max(1, joint[c]?.[c] as number);
  issues.sort((a, b) => (selfConfidence[a] as number) - (selfConfidence[b] as number));
  return { joint, issues, selfConfidence, normalizedMargin };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
