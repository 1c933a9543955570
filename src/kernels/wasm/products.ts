import { type Address, loadSpace, type Procedure, type WasmSpace } from "../../wasm/space.ts";

/** Rows of a panel. */
export const PANEL = 8;

/** What cpp/kernel.cpp exports. */
interface Kernel {
  products: Procedure<
    // biome-ignore format: a list
    [a: Address, b: Address, panels: number, step: number, from: number, to: number, out: Address, stride: number,
      add: number]
  >;
}

/** The matrix kernel and its memory. */
export type MatrixSpace = WasmSpace<Kernel, "products">;

/** Loads the matrix kernel. @param threads default: one a processor, 8 at most; it changes no result. */
export const loadProducts = (threads?: number): MatrixSpace =>
  loadSpace<Kernel, "products">(new URL("./products.wasm", import.meta.url), ["products"], threads);

/** The number of panels that so many rows take. */
export const panelsOf = (rows: number): number => Math.ceil(rows / PANEL);

/** Rows in panels, in a kernel's memory: row r, column k is `values[((r >> 3) * width + k) * 8 + (r & 7)]`. */
export interface Panels {
  at: Address;
  rows: number;
  width: number;
}

/** Lays out a matrix of zeros in panels. */
export const allocatePanels = (space: MatrixSpace, rows: number, width: number): Panels => ({
  at: space.allocate(4 * panelsOf(rows) * PANEL * width),
  rows,
  width,
});

/** Its values, until more memory is allocated. */
export const valuesOf = (space: MatrixSpace, { at, rows, width }: Panels): Float32Array =>
  space.floats(at, panelsOf(rows) * PANEL * width);

/** Columns that are multiplied at a time: panels of so many stay in a processor's first cache. */
const CHUNK = 512;

/**
 * The lower triangle of A·Aᵀ, in panels of rows: out [8 · panels, 8 · panels] row-major float32; what lies above the diagonal panels is not written.
 * @param out 4 · (8 · panels)² bytes. @param options.add whether to add to what it holds.
 */
export function gram(space: MatrixSpace, a: Panels, out: Address, { add = false } = {}): void {
  const panels = panelsOf(a.rows);
  const size = panels * PANEL;
  const step = PANEL * a.width;
  for (let from = 0; from < a.width; from += CHUNK) {
    const to = Math.min(from + CHUNK, a.width);
    // Panel p times those from the first to itself.
    const parameters = [a.at, a.at, 1, step, from, to, out, size, from > 0 || add ? 1 : 0] as const;
    space.eachPanel("products", panels, [...parameters], { 0: 4 * step, 2: 1, 6: 4 * PANEL * size });
  }
}

/**
 * A·Bᵀ, out [8 · panels of A, 8 · panels of B] row-major float32.
 * @param out as many times 4 bytes.
 */
export function multiply(space: MatrixSpace, a: Panels, b: Panels, out: Address): void {
  const across = panelsOf(b.rows);
  const step = PANEL * a.width;
  for (let from = 0; from < a.width; from += CHUNK) {
    const to = Math.min(from + CHUNK, a.width);
    const parameters = [a.at, b.at, across, step, from, to, out, across * PANEL, from > 0 ? 1 : 0] as const;
    space.eachPanel("products", panelsOf(a.rows), [...parameters], { 0: 4 * step, 6: 4 * PANEL * across * PANEL });
  }
}
