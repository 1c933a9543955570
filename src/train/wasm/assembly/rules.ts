/* Update rules of four weights at once, as in keras.optimizers; parameters are addresses and vectors of constants. */

/** Smaller means count as zero: no weight feels them, and processors compute slowly with what is near float32's end. */
const NEGLIGIBLE: f32 = 1e-30;

// @ts-ignore: AssemblyScript's decorator
@inline
function settled(mean: v128): v128 {
  return v128.andnot(mean, f32x4.lt(f32x4.abs(mean), f32x4.splat(NEGLIGIBLE)));
}

/** Stochastic gradient descent: w -= rate · g. */
// @ts-ignore: AssemblyScript's decorator
@inline
export function descend(weights: usize, g: v128, rate: v128): void {
  v128.store(weights, f32x4.sub(v128.load(weights), f32x4.mul(rate, g)));
}

/** RMSProp: s = decay · s + fresh · g²; w -= rate · g / √(s + epsilon). */
// @ts-ignore: AssemblyScript's decorator
@inline
export function rmsprop(
  weights: usize,
  squares: usize,
  g: v128,
  rate: v128,
  decay: v128,
  fresh: v128,
  epsilon: v128,
): void {
  const s = settled(f32x4.add(f32x4.mul(decay, v128.load(squares)), f32x4.mul(fresh, f32x4.mul(g, g))));
  v128.store(squares, s);
  const change = f32x4.div(f32x4.mul(rate, g), f32x4.sqrt(f32x4.add(s, epsilon)));
  v128.store(weights, f32x4.sub(v128.load(weights), change));
}

/** Adam: m = decay1 · m + fresh1 · g; s = decay2 · s + fresh2 · g²; w -= rate · m / (√s + epsilon), rate bias-corrected. */
// @ts-ignore: AssemblyScript's decorator
@inline
export function adam(
  weights: usize,
  means: usize,
  squares: usize,
  g: v128,
  rate: v128,
  decay1: v128,
  fresh1: v128,
  decay2: v128,
  fresh2: v128,
  epsilon: v128,
): void {
  const m = settled(f32x4.add(f32x4.mul(decay1, v128.load(means)), f32x4.mul(fresh1, g)));
  const s = settled(f32x4.add(f32x4.mul(decay2, v128.load(squares)), f32x4.mul(fresh2, f32x4.mul(g, g))));
  v128.store(means, m);
  v128.store(squares, s);
  const change = f32x4.div(f32x4.mul(rate, m), f32x4.add(f32x4.sqrt(s), epsilon));
  v128.store(weights, f32x4.sub(v128.load(weights), change));
}
