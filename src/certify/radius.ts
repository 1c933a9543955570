/** A share of |f| that rounding may take away: what is that close to a change is counted as changed. */
const MARGIN = 1e-9;

/**
 * How many labels may be flipped, whichever they are, before a prediction that is linear in the labels changes: f = Σ wⱼ tⱼ, and a flip of tⱼ moves f by
 * −2 wⱼ tⱼ. The worst flips are those with the largest wⱼ tⱼ sign(f); exact: as many of them keep the sign, one more changes it, or none is left.
 * @param weights w, [n]. @param targets t, +1 or −1, [n]. @returns f, and the radius: n where no flips can change it.
 */
export function certifiedRadius(
  weights: ArrayLike<number>,
  targets: ArrayLike<number>,
): { score: number; radius: number } {
  let score = 0;
  for (let j = 0; j < targets.length; j++) score += (weights[j] as number) * (targets[j] as number);
  const sign = score < 0 ? -1 : 1;
  const parts = new Float64Array(targets.length);
  for (let j = 0; j < targets.length; j++) parts[j] = sign * (weights[j] as number) * (targets[j] as number);
  parts.sort();
  const limit = Math.abs(score) * (1 - MARGIN);
  let moved = 0;
  let radius = 0;
  for (let j = parts.length - 1; j >= 0 && (parts[j] as number) > 0; j--, radius++) {
    moved += 2 * (parts[j] as number);
    if (moved >= limit) return { score, radius };
  }
  return { score, radius: targets.length };
}
