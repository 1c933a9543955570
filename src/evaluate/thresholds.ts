import type { Ranking } from "./classified.ts";

/** What a threshold finds: how many positives and how many others have at least this score. */
export interface Found {
  positives: number;
  others: number;
}

/** What each threshold finds, from the highest score to the lowest; images of equal score are found together. */
export function sweepThresholds({ scores, positives }: Ranking): Found[] {
  const rising = (wanted: boolean) => Float64Array.from(scores.filter((_, i) => positives[i] === wanted)).sort();
  const [sought, rest] = [rising(true), rising(false)];
  const found: Found[] = [];
  let [i, j] = [sought.length, rest.length];
  while (i > 0 || j > 0) {
    const threshold = Math.max(sought[i - 1] ?? Number.NEGATIVE_INFINITY, rest[j - 1] ?? Number.NEGATIVE_INFINITY);
    while (i > 0 && (sought[i - 1] as number) >= threshold) i--;
    while (j > 0 && (rest[j - 1] as number) >= threshold) j--;
    found.push({ positives: sought.length - i, others: rest.length - j });
  }
  return found;
}
