import type { Symmetric } from "./view-products.ts";
import { allocatePanels, type MatrixSpace, PANEL, type Panels, panelsOf, valuesOf } from "./wasm/products.ts";

/** Rows of a block of the factorization: four panels. */
const BLOCK = 32;

/** The inverse of K + λI, as the inverse of its Cholesky factor. */
export interface Inverse {
  /** [n] the inverse's diagonal. */
  diagonal: Float64Array;
  /** (K + λI)⁻¹ t, [n]. */
  times(t: Float64Array): Float64Array;
  /** Entry i, j. */
  entry(i: number, j: number): number;
  /** The transpose of L⁻¹, whose product with itself is the inverse. */
  factor: Panels;
}

/**
 * Inverts K + λI: blocked Cholesky factorization L, then L⁻¹, n³ / 3 multiply-adds in all, on the matrix kernel in float32.
 * @throws Error where the matrix is not positive definite.
 */
export function invert(space: MatrixSpace, kernel: Symmetric, ridge: number, work: Work): Inverse {
  const { rows, size, values } = kernel;
  const place = allocatePanels(space, size, size); // before any array is taken, which growing memory would detach
  const inverse = valuesOf(space, place);
  const lower = valuesOf(space, work.lower).fill(0);
  const sums = space.floats(work.sums, size * BLOCK);
  const step = PANEL * size;
  const diagonal = new Float64Array(BLOCK * BLOCK);
  // L, block column by block column: what stands left of it is subtracted at once.
  for (let first = 0; first < size; first += BLOCK) {
    const width = Math.min(BLOCK, size - first);
    const left = { panels: (size - first) / PANEL, of: 4 * (first / PANEL) * step };
    if (first > 0)
      space.eachPanel(
        "products",
        left.panels,
        [work.lower.at + left.of, work.lower.at + left.of, width / PANEL, step, 0, first, work.sums, BLOCK, 0],
        {
          0: 4 * step,
          6: 4 * PANEL * BLOCK,
        },
      );
    const taken = (i: number, j: number) => (first > 0 ? (sums[(i - first) * BLOCK + j - first] as number) : 0);
    const at = (i: number, j: number) =>
      (i < rows ? (values[i * size + j] as number) : 0) + (i === j ? (i < rows ? ridge : 1) : 0) - taken(i, j);
    for (let i = first; i < size; i++) {
      const last = Math.min(i, first + width - 1);
      const row = i < first + width ? (i - first) * BLOCK : -1;
      const solved = row < 0 ? work.row : diagonal.subarray(row, row + BLOCK);
      for (let j = first; j <= last; j++) {
        let sum = at(i, j);
        const other = (j - first) * BLOCK;
        for (let k = 0; k < j - first; k++) sum -= (solved[k] as number) * (diagonal[other + k] as number);
        if (i === j) {
          if (!(sum > 0)) throw new Error(`row ${i}: the matrix is not positive definite`);
          solved[j - first] = Math.sqrt(sum);
        } else solved[j - first] = sum / (diagonal[other + j - first] as number);
      }
      const base = (i >> 3) * step + (i & 7);
      for (let j = first; j <= last; j++) lower[base + j * PANEL] = solved[j - first] as number;
    }
  }
  // L⁻¹, block row by block row; its transpose lies in panels: row c of it is column c of L⁻¹.
  for (let first = 0; first < size; first += BLOCK) {
    const width = Math.min(BLOCK, size - first);
    const l = (i: number, j: number) => lower[(i >> 3) * step + j * PANEL + (i & 7)] as number;
    if (first > 0)
      space.eachPanel(
        "products",
        first / PANEL,
        [place.at, work.lower.at + 4 * (first / PANEL) * step, width / PANEL, step, 0, first, work.sums, BLOCK, 0],
        {
          0: 4 * step,
          4: PANEL, // a column of L⁻¹ begins at its own row
          6: 4 * PANEL * BLOCK,
        },
      );
    for (let c = 0; c < first + width; c++) {
      const base = (c >> 3) * step + (c & 7);
      const from = Math.max(first, c);
      for (let i = from; i < first + width; i++) {
        let sum = i === c ? 1 : 0;
        if (c < first) sum -= sums[c * BLOCK + i - first] as number;
        for (let k = from; k < i; k++) sum -= l(i, k) * (inverse[base + k * PANEL] as number);
        inverse[base + i * PANEL] = sum / l(i, i);
      }
    }
  }
  return { factor: place, ...inverseFrom(() => valuesOf(space, place), { rows, size }) };
}

/** Memory that several inversions share. */
export interface Work {
  lower: Panels;
  /** [size, 32] float32. */
  sums: number;
  row: Float64Array;
}

/** Lays it out, once for all ridges. */
export function createWork(space: MatrixSpace, rows: number): Work {
  const size = panelsOf(rows) * PANEL;
  const lower = allocatePanels(space, size, size);
  return { lower, sums: space.allocate(4 * size * BLOCK), row: new Float64Array(BLOCK) };
}

function inverseFrom(
  values: () => Float32Array,
  { rows, size }: { rows: number; size: number },
): Omit<Inverse, "factor"> {
  const step = PANEL * size;
  const column = (c: number) => (c >> 3) * step + (c & 7);
  const dot = (i: number, j: number, panels = values()) => {
    const [a, b] = [column(i), column(j)];
    let sum = 0;
    for (let k = Math.max(i, j) * PANEL; k < step; k += PANEL)
      sum += (panels[a + k] as number) * (panels[b + k] as number);
    return sum;
  };
  const all = values();
  return {
    diagonal: Float64Array.from({ length: rows }, (_, i) => dot(i, i, all)),
    entry: (i, j) => dot(i, j),
    times(t) {
      const panels = values();
      const half = new Float64Array(size); // L⁻¹ t
      for (let c = 0; c < rows; c++)
        for (let k = c, at = column(c) + c * PANEL; k < size; k++, at += PANEL)
          half[k] = (half[k] as number) + (panels[at] as number) * (t[c] as number);
      return Float64Array.from({ length: rows }, (_, c) => {
        let sum = 0;
        for (let k = c, at = column(c) + c * PANEL; k < size; k++, at += PANEL)
          sum += (panels[at] as number) * (half[k] as number);
        return sum;
      });
    },
  };
}
