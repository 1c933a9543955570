import type { Symmetric } from "../kernels/view-products.ts";

/**
 * How alike the features of copies are, cosine: one picture saved twice, at another quality or size, has .98 and more; of 2,000 photographs of cats and
 * dogs no two that are not copies have more than .9.
 */
const LEAST = 0.95;

/**
 * Groups of images that are copies of each other, by their features' products or by what is known beforehand: each of two rows or more, in row order. An image
 * that is left out while its copy stays tells of itself.
 * @param known groups that the caller knows, of identical pixels for one.
 */
export function copiesOf({ values, size, rows }: Symmetric, known: readonly (readonly number[])[] = []): number[][] {
  const parent = Int32Array.from({ length: rows }, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] as number;
    parent[i] = at;
    return at;
  };
  const join = (i: number, j: number) => {
    const [a, b] = [root(i), root(j)];
    parent[Math.max(a, b)] = Math.min(a, b);
  };
  const norms = Float64Array.from({ length: rows }, (_, i) => Math.sqrt(values[i * size + i] as number));
  for (let i = 0; i < rows; i++)
    for (let j = 0, at = i * size; j < i; j++, at++)
      if ((values[at] as number) > LEAST * (norms[i] as number) * (norms[j] as number)) join(i, j);
  for (const [first = 0, ...others] of known) for (const other of others) join(first, other);
  const groups = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) groups.set(root(i), [...(groups.get(root(i)) ?? []), i]);
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Groups whose images are given different labels: one of these is wrong for certain. */
export const contradictions = (groups: readonly number[][], labels: ArrayLike<number>): number[][] =>
  groups.filter((group) => group.some((i) => labels[i] !== labels[group[0] as number]));
