import type { Ranking } from "./classified.ts";

/** What a threshold finds: how many positives and how many others have at least this score. */
export interface Found {
  positives: number;
  others: number;
}

/** What each threshold finds, from the highest score to the lowest; images of equal score are found together. */
export function sweepThresholds({ scores, positives }: Ranking): Found[] {
  const order = scores.map((_, i) => i).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const found: Found[] = [];
  const now = { positives: 0, others: 0 };
  for (const [rank, i] of order.entries()) {
    now[positives[i] ? "positives" : "others"]++;
    const next = order[rank + 1];
    if (next === undefined || scores[next] !== scores[i]) found.push({ ...now });
  }
  return found;
}
