import { ROW } from "./panel";
import { adam, descend, rmsprop } from "./rules";

export const SGD: i32 = 0;
export const RMSPROP: i32 = 1;
export const ADAM: i32 = 2;

/**
 * One step of an optimizer over one panel. An input that is zero in the whole batch has no gradient: sgd and rmsprop pass over it,
 * and rmsprop's squares catch up when the input is seen again.
 * @param entries the batch packed by input, with `columns`. @param gradients [n, 16], the loss's by the panel's sums.
 * @param means of gradients, adam's. @param squares means of squared gradients, adam's and rmsprop's.
 * @param decay1 of the means. @param decay2 of the squares; rmsprop takes each input's from `columns`.
 */
export function update(
  rule: i32,
  entries: usize,
  columns: usize,
  inputs: u32,
  weights: usize,
  gradients: usize,
  means: usize,
  squares: usize,
  rate: f32,
  decay1: f32,
  decay2: f32,
  epsilon: f32,
): void {
  const r = f32x4.splat(rate);
  const d1 = f32x4.splat(decay1);
  const f1 = f32x4.splat(1 - decay1);
  const d2 = f32x4.splat(decay2);
  const f2 = f32x4.splat(1 - decay2);
  const e = f32x4.splat(epsilon);
  for (let i: u32 = 0; i <= inputs; i++) {
    const end: usize = load<u32>(columns);
    if (entries < end || rule == ADAM) {
      let g0 = f32x4.splat(0);
      let g1 = g0;
      let g2 = g0;
      let g3 = g0;
      for (; entries < end; entries += 8) {
        const row = gradients + <usize>load<u32>(entries);
        const value = v128.load32_splat(entries, 4);
        g0 = f32x4.add(g0, f32x4.mul(value, v128.load(row)));
        g1 = f32x4.add(g1, f32x4.mul(value, v128.load(row, 16)));
        g2 = f32x4.add(g2, f32x4.mul(value, v128.load(row, 32)));
        g3 = f32x4.add(g3, f32x4.mul(value, v128.load(row, 48)));
      }
      if (rule == RMSPROP) {
        const decay = v128.load32_splat(columns, 4);
        rmsprop(weights, squares, g0, r, decay, f2, e);
        rmsprop(weights + 16, squares + 16, g1, r, decay, f2, e);
        rmsprop(weights + 32, squares + 32, g2, r, decay, f2, e);
        rmsprop(weights + 48, squares + 48, g3, r, decay, f2, e);
      } else if (rule == ADAM) {
        adam(weights, means, squares, g0, r, d1, f1, d2, f2, e);
        adam(weights + 16, means + 16, squares + 16, g1, r, d1, f1, d2, f2, e);
        adam(weights + 32, means + 32, squares + 32, g2, r, d1, f1, d2, f2, e);
        adam(weights + 48, means + 48, squares + 48, g3, r, d1, f1, d2, f2, e);
      } else {
        descend(weights, g0, r);
        descend(weights + 16, g1, r);
        descend(weights + 32, g2, r);
        descend(weights + 48, g3, r);
      }
    }
    columns += 8;
    weights += ROW;
    means += ROW;
    squares += ROW;
  }
}
