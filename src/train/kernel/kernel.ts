import { readFileSync } from "node:fs";

type Address = number;
type Procedure<A extends number[]> = (...args: A) => void;

/** What assembly/ exports; each function is described there. */
export interface Kernel {
  packImages: Procedure<[x: Address, n: number, inputs: number, entries: Address, ends: Address]>;
  packInputs: Procedure<
    // biome-ignore format: a list
    [x: Address, n: number, inputs: number, entries: Address, columns: Address,
      step: number, seen: Address, powers: Address, last: number]
  >;
  forward: Procedure<[entries: Address, ends: Address, n: number, weights: Address, out: Address]>;
  backward: Procedure<[gradients: Address, n: number, weights: Address, inputs: number, out: Address]>;
  update: Procedure<
    // biome-ignore format: a list
    [rule: number, entries: Address, columns: Address, inputs: number, weights: Address, gradients: Address,
      means: Address, squares: Address, rate: number, decay1: number, decay2: number, epsilon: number]
  >;
}

/** The numbers of the update rules. */
export const RULES = { sgd: 0, rmsprop: 1, adam: 2 };

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;
/** Arrays begin on a cache line. */
const LINE = 64;

/** The kernel and its memory, which grows as arrays are laid out in it. */
export interface KernelSpace {
  kernel: Kernel;
  /** Lays out an array of zeros. @throws RangeError where 4 GiB do not suffice. */
  allocate(bytes: number): Address;
  /** An array in memory; valid until the next `allocate`. */
  floats(at: Address, length: number): Float32Array;
}

const wasm = new URL("./kernel.wasm", import.meta.url);

/** Loads the kernel, into a memory of its own. */
export function loadKernel(): KernelSpace {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(wasm)), { env: { memory } });
  let end = LINE;
  return {
    kernel: instance.exports as unknown as Kernel,
    allocate(bytes) {
      const at = end;
      end += Math.ceil(bytes / LINE) * LINE;
      const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
      if (missing > 0) memory.grow(missing);
      return at;
    },
    floats: (at, length) => new Float32Array(memory.buffer, at, length),
  };
}
