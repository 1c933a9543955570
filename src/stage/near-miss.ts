/** Letters that may differ between a key and what was meant by it. */
const MOST = 2;

/** The one of some keys that `key` was most likely meant to be, by the fewest letters to insert, drop or replace (Levenshtein 1966), or nothing. */
export function nearMiss(key: string, candidates: readonly string[]): string | undefined {
  const near = candidates
    .map((name) => ({ name, distance: distance(name, key) }))
    .sort((a, b) => a.distance - b.distance);
  return near.find((candidate) => candidate.distance <= MOST && candidate.distance < key.length / 2)?.name;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] as number) + Number(b[j] !== letter);
      next.push(Math.min(replaced, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
