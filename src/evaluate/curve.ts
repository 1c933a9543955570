/** A curve as x and y, by rising x. */
export type Curve = readonly { x: number; y: number }[];

/** Steps of the grid from 0 to 1 on which curves are averaged. */
const STEPS = 100;

/**
 * The mean of curves over the same x from 0 to 1: the macro average of one class against the rest. `at` reads a curve at an x.
 * @param curves none is held when the next one is taken. @returns of a single curve that one.
 */
export function averageCurve(curves: Iterable<Curve>, at: (curve: Curve, x: number) => number): Curve {
  const sums = new Float64Array(STEPS + 1);
  let only: Curve = [];
  let count = 0;
  for (const curve of curves) {
    only = count++ === 0 ? curve : [];
    for (let i = 0; i <= STEPS; i++) sums[i] = (sums[i] as number) + at(curve, i / STEPS);
  }
  return count < 2 ? only : Array.from(sums, (sum, i) => ({ x: i / STEPS, y: sum / count }));
}

/** Reads a curve of straight lines; where it rises upright, its upper end. */
export function linearAt(curve: Curve, x: number): number {
  const next = firstOf(curve, (point) => point.x > x);
  const to = curve[Math.min(next, curve.length - 1)] as Curve[number];
  const from = curve[next - 1] ?? to;
  return to.x === from.x ? to.y : from.y + ((to.y - from.y) * (x - from.x)) / (to.x - from.x);
}

/** Reads a curve of steps, where each point is valid from the one before it up to its own x. */
export function stepAt(curve: Curve, x: number): number {
  return (curve[firstOf(curve, (point) => point.x >= x - 1e-9)] ?? curve.at(-1))?.y as number;
}

/** Where the points begin that hold what, by rising x, all do from some point on; the curve's length where none does. */
function firstOf(curve: Curve, holds: (point: Curve[number]) => boolean): number {
  let [low, high] = [0, curve.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(curve[middle] as Curve[number])) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Leaves points out that a drawing does without: those on a straight line between their neighbours, then all but `most`, evenly spaced.
 * The first and the last stay.
 */
export function thinCurve(curve: Curve, most: number): Curve {
  const corners = curve.filter((point, i) => {
    const [before, after] = [curve[i - 1], curve[i + 1]];
    if (!before || !after) return true;
    const turn = (point.x - before.x) * (after.y - before.y) - (after.x - before.x) * (point.y - before.y);
    return Math.abs(turn) > 1e-12;
  });
  if (corners.length <= most) return corners;
  return Array.from(
    { length: most },
    (_, i) => corners[Math.round((i * (corners.length - 1)) / (most - 1))] as Curve[number],
  );
}
