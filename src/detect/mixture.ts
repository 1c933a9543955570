/*
 * Which labels were flipped, by the scores of a classifier that has not seen them: given labels are those of a logistic curve in the score, of which a share
 * was flipped one way and another share the other way. One rate for both would vanish where flips go one way.
 */

/** P(given + | f) = (1 − r₁) S + r₀ (1 − S), S = 1 / (1 + exp(−a (f − b))); r₀: share of the − that are given as +, r₁: of the + that are given as −. */
export interface Mixture {
  slope: number;
  center: number;
  rates: readonly [minus: number, plus: number];
  /** Natural logarithm of the likelihood of the given labels. */
  likelihood: number;
}

/** Rates are below one half: else names of the classes could be exchanged. */
const MOST = 0.5;
const STEPS = 200;
/** Where the search begins: the shares of flips. */
const STARTS = [0.03, 0.2];
const TINY = 1e-12;

/**
 * Fits it by maximum likelihood: BFGS on log a, b and the rates' logits, from two beginnings.
 * @param scores f, [n]. @param given +1 or −1, [n].
 */
export function fitMixture(scores: Float64Array, given: Int8Array): Mixture {
  const fits = STARTS.map((rate) => ascend(scores, given, [Math.log(4), 0, logit(rate / MOST), logit(rate / MOST)]));
  return fits.reduce((best, fit) => (fit.likelihood > best.likelihood ? fit : best));
}

/** The probability that each given label is a flipped one, [n]. */
export function posterior(
  { slope, center, rates: [r0, r1] }: Mixture,
  scores: Float64Array,
  given: Int8Array,
): Float64Array {
  return Float64Array.from(scores, (f, i) => {
    const s = sigmoid(slope * (f - center));
    const [wrong, right] = (given[i] as number) > 0 ? [r0 * (1 - s), (1 - r1) * s] : [r1 * s, (1 - r0) * (1 - s)];
    return wrong / Math.max(TINY, wrong + right);
  });
}

const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const logit = (p: number): number => Math.log(p / (1 - p));

type Point = [number, number, number, number];

function ascend(scores: Float64Array, given: Int8Array, start: Point): Mixture {
  let point = start;
  let { value, gradient } = look(scores, given, point);
  let hessian = identity(1 / scores.length); // of the inverse
  for (let step = 0; step < STEPS; step++) {
    let direction = hessian.map((row) => row.reduce((sum, h, j) => sum + h * (gradient[j] as number), 0));
    let slope = direction.reduce((sum, d, j) => sum + d * (gradient[j] as number), 0);
    if (!(slope > 0)) {
      hessian = identity(1 / scores.length);
      direction = gradient.map((g) => g / scores.length);
      slope = direction.reduce((sum, d, j) => sum + d * (gradient[j] as number), 0);
    }
    if (!(slope > 1e-10)) break;
    const longest = Math.max(...direction.map(Math.abs));
    let length = Math.min(1, 2 / longest);
    let next = { point, value, gradient };
    for (let tries = 0; tries < 40; tries++, length /= 2) {
      const there = point.map((x, j) => x + length * (direction[j] as number)) as Point;
      const found = look(scores, given, there);
      if (found.value >= value + 1e-4 * length * slope) {
        next = { point: there, ...found };
        break;
      }
    }
    if (next.point === point) break;
    hessian = updated(
      hessian,
      next.point.map((x, j) => x - (point[j] as number)),
      next.gradient.map((g, j) => (gradient[j] as number) - g),
    );
    ({ point, value, gradient } = next);
  }
  const [u, center, v0, v1] = point;
  return { slope: Math.exp(u), center, rates: [MOST * sigmoid(v0), MOST * sigmoid(v1)], likelihood: value };
}

/** The likelihood at a point, and its gradient. */
function look(
  scores: Float64Array,
  given: Int8Array,
  [u, center, v0, v1]: Point,
): { value: number; gradient: number[] } {
  const slope = Math.exp(u);
  const [p0, p1] = [sigmoid(v0), sigmoid(v1)];
  const [r0, r1] = [MOST * p0, MOST * p1];
  const gradient = [0, 0, 0, 0];
  let value = 0;
  for (let i = 0; i < scores.length; i++) {
    const z = slope * ((scores[i] as number) - center);
    const s = sigmoid(z);
    const plus = (1 - r1) * s + r0 * (1 - s);
    const sign = (given[i] as number) > 0 ? 1 : -1;
    const p = Math.max(TINY, sign > 0 ? plus : 1 - plus);
    value += Math.log(p);
    const by = sign / p;
    const ds = by * (1 - r1 - r0) * s * (1 - s);
    gradient[0] = (gradient[0] as number) + ds * z;
    gradient[1] = (gradient[1] as number) - ds * slope;
    gradient[2] = (gradient[2] as number) + by * (1 - s) * r0 * (1 - p0);
    gradient[3] = (gradient[3] as number) - by * s * r1 * (1 - p1);
  }
  return { value, gradient };
}

const identity = (scale: number): number[][] => [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? scale : 0)));

/** The inverse Hessian after a step s, by which the gradient of −likelihood has changed by y. */
function updated(inverse: number[][], s: number[], y: number[]): number[][] {
  const sy = s.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  if (!(sy > 1e-12)) return inverse;
  const hy = inverse.map((row) => row.reduce((sum, h, j) => sum + h * (y[j] as number), 0));
  const yhy = hy.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  return inverse.map((row, i) =>
    row.map(
      (h, j) =>
        h +
        ((1 + yhy / sy) * (s[i] as number) * (s[j] as number) -
          (hy[i] as number) * (s[j] as number) -
          (s[i] as number) * (hy[j] as number)) /
          sy,
    ),
  );
}
