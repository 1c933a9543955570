/** How the images to poison are shared out to the classes. */
export const BALANCES = ["equal", "proportional"] as const;
/** One of {@link BALANCES}. */
export type Balance = (typeof BALANCES)[number];

/** How many of `images` `poison` % are, to the nearest whole number. */
export const poisonedOf = (images: number, poison: number): number => Math.round((images * poison) / 100);

/**
 * Shares a number of images out to classes one by one: what more images give is never less for any class, so that sets stay nested.
 *
 * - `equal`: each goes to the class that has got the fewest so far and has any left. A class that is too small gives all it has.
 * - `proportional`: each class gets its exact share of `total`, rounded up or down, at every `total`. Of the classes that stay below
 *   their share rounded up, the next goes to the one with most images per image got: the quota method of Balinski and Young,
 *   https://doi.org/10.1073/pnas.71.11.4602
 *
 * @param sizes images of each class. @param total at most their sum. @param order class numbers: of equals the first in it comes first.
 * @returns a number for each class, `total` in sum.
 */
export function apportion(
  sizes: readonly number[],
  total: number,
  balance: Balance,
  order: ArrayLike<number>,
): number[] {
  return balance === "equal" ? equally(sizes, total, order) : byQuota(sizes, total, order);
}

/** Round by round, which comes to the same: every round gives one to each class that has any left. */
function equally(sizes: readonly number[], total: number, order: ArrayLike<number>): number[] {
  const got = sizes.map(() => 0);
  let left = total;
  for (let open = Array.from(order); left > 0; ) {
    open = open.filter((c) => (got[c] as number) < (sizes[c] as number));
    // As many whole rounds as the smallest class and what is left allow, or the beginning of one.
    const least = Math.min(...open.map((c) => (sizes[c] as number) - (got[c] as number)));
    const rounds = Math.min(least, Math.floor(left / open.length));
    const taking = rounds > 0 ? open : open.slice(0, left);
    for (const c of taking) got[c] = (got[c] as number) + Math.max(1, rounds);
    left -= taking.length * Math.max(1, rounds);
  }
  return got;
}

function byQuota(sizes: readonly number[], total: number, order: ArrayLike<number>): number[] {
  const all = sizes.reduce((a, b) => a + b, 0);
  const got = sizes.map(() => 0);
  for (let given = 1; given <= total; given++) {
    let next = -1;
    for (let i = 0; i < order.length; i++) {
      const c = order[i] as number;
      const [size, has] = [sizes[c] as number, got[c] as number];
      if (has * all >= size * given) continue; // one more would be more than its share rounded up
      if (next < 0 || size * ((got[next] as number) + 1) > (sizes[next] as number) * (has + 1)) next = c;
    }
    got[next] = (got[next] as number) + 1;
  }
  return got;
}
