/** How well scores rank what is wrong above what is right. */
export interface Ranking {
  /** Mean precision at the places of the wrong ones; ties count as their mean, as scikit-learn's `average_precision_score` has it. */
  average_precision: number;
  /** Share of pairs, one wrong and one right, in which the wrong one is above; ties count half. */
  auroc: number;
}

/** Ranks. @param scores [n], the higher the more suspect. @param wrong [n]. @returns nothing where all or none are wrong. */
export function rank(scores: ArrayLike<number>, wrong: ArrayLike<boolean>): Ranking | undefined {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => (scores[b] as number) - (scores[a] as number),
  );
  const total = Array.from(wrong).filter(Boolean).length;
  if (total === 0 || total === scores.length) return undefined;
  let [average, pairs, found, seen] = [0, 0, 0, 0];
  for (let at = 0; at < order.length; ) {
    let [here, size] = [0, 0];
    const score = scores[order[at] as number];
    for (; at < order.length && scores[order[at] as number] === score; at++, size++)
      if (wrong[order[at] as number]) here++;
    pairs += (size - here) * (found + here / 2);
    found += here;
    seen += size;
    average += (here / total) * (found / seen);
  }
  return { average_precision: average, auroc: pairs / (total * (scores.length - total)) };
}
