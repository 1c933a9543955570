import { ROW } from "./panel";

/** Sums of one panel: weights and bias times the packed images → out [n, 16]. */
export function forward(entries: usize, ends: usize, n: u32, weights: usize, out: usize): void {
  for (let b: u32 = 0; b < n; b++) {
    const end: usize = load<u32>(ends);
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    for (; entries < end; entries += 8) {
      const row = weights + <usize>load<u32>(entries);
      const value = v128.load32_splat(entries, 4);
      a0 = f32x4.add(a0, f32x4.mul(value, v128.load(row)));
      a1 = f32x4.add(a1, f32x4.mul(value, v128.load(row, 16)));
      a2 = f32x4.add(a2, f32x4.mul(value, v128.load(row, 32)));
      a3 = f32x4.add(a3, f32x4.mul(value, v128.load(row, 48)));
    }
    v128.store(out, a0);
    v128.store(out, a1, 16);
    v128.store(out, a2, 32);
    v128.store(out, a3, 48);
    out += ROW;
    ends += 4;
  }
}

/** Adds to the gradient by the inputs, out [n, inputs], what one panel has part in; gradients [n, 16] by the panel's sums. */
export function backward(gradients: usize, n: u32, weights: usize, inputs: u32, out: usize): void {
  for (let b: u32 = 0; b < n; b++) {
    const g0 = v128.load(gradients);
    const g1 = v128.load(gradients, 16);
    const g2 = v128.load(gradients, 32);
    const g3 = v128.load(gradients, 48);
    let row = weights;
    for (let i: u32 = 0; i < inputs; i++) {
      const sums = f32x4.add(
        f32x4.add(f32x4.mul(g0, v128.load(row)), f32x4.mul(g1, v128.load(row, 16))),
        f32x4.add(f32x4.mul(g2, v128.load(row, 32)), f32x4.mul(g3, v128.load(row, 48))),
      );
      const sum =
        f32x4.extract_lane(sums, 0) +
        f32x4.extract_lane(sums, 1) +
        f32x4.extract_lane(sums, 2) +
        f32x4.extract_lane(sums, 3);
      store<f32>(out, load<f32>(out) + sum);
      out += 4;
      row += ROW;
    }
    gradients += ROW;
  }
}
