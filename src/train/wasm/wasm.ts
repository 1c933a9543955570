import { type Address, loadSpace, type Procedure, type WasmSpace } from "../../wasm/space.ts";

/** What cpp/kernel.cpp exports; each function is described in cpp/. */
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

/** Procedures that compute one panel from what all panels share: they may run for several panels at once. */
const PROCEDURES = ["forward", "update"] as const;

/** The kernel of training and its memory. */
export type TrainSpace = WasmSpace<Kernel, (typeof PROCEDURES)[number]>;

/** Loads the kernel. @param threads default: one a processor, 8 at most. */
export const loadWasm = (threads?: number): TrainSpace =>
  loadSpace<Kernel, (typeof PROCEDURES)[number]>(new URL("./train.wasm", import.meta.url), PROCEDURES, threads);
