import type { Inverse } from "../kernels/inverse.ts";

/**
 * What ridge regression says of each image when it, and all copies of it, are left out: f = t − α / diag(A⁻¹) with α = A⁻¹ t for one image,
 * f_G = t_G − ((A⁻¹)_GG)⁻¹ α_G for a group, exactly what a fit without them would say (Allen 1974; Cook 1977).
 * @param targets t, [n]. @param groups lists of rows, each of two or more.
 */
export function leaveOut(
  inverse: Inverse,
  targets: Float64Array,
  groups: readonly (readonly number[])[],
): Float64Array {
  const alpha = inverse.times(targets);
  const out = targets.map((t, i) => t - (alpha[i] as number) / (inverse.diagonal[i] as number));
  for (const group of groups) {
    const matrix = group.map((i) => group.map((j) => inverse.entry(i, j)));
    const solved = solve(
      matrix,
      group.map((i) => alpha[i] as number),
    );
    for (const [k, i] of group.entries()) out[i] = (targets[i] as number) - (solved[k] as number);
  }
  return out;
}

/** Solves a small positive definite system by Cholesky's factorization, in place. */
export function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length;
  const at = (i: number, j: number) => (matrix[i] as number[])[j] as number;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      (matrix[i] as number[])[j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(j, j);
    }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) right[i] = (right[i] as number) - at(i, k) * (right[k] as number);
    right[i] = (right[i] as number) / at(i, i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) right[i] = (right[i] as number) - at(k, i) * (right[k] as number);
    right[i] = (right[i] as number) / at(i, i);
  }
  return right;
}
