import { readFileSync } from "node:fs";
import v8 from "node:v8";
import { StageError } from "../../runtime/errors.ts";

/** The kernel's modules: with fused multiply-add, the same for a V8 that joins vectors to 256 bits, and without. */
const MODULES = {
  wasm: new URL("./convolution.wasm", import.meta.url),
  wide: new URL("./convolution-wide.wasm", import.meta.url),
  "wasm-plain": new URL("./convolution-plain.wasm", import.meta.url),
};

/** What cpp/kernel.cpp exports; each function is described there. Memory is counted in bytes. */
export interface WasmKernel {
  /** The first address that is free. */
  heap(): number;
  networkBytes(): number;
  plan(network: number, description: number): void;
  weightBytes(network: number): number;
  scratchBytes(network: number): number;
  attach(network: number, weights: number): void;
  load(network: number, layer: number, filter: number, bias: number, part: number, parts: number): void;
  run(network: number, images: number, n: number, features: number, scratch: number): void;
  fusedResidue(x: number, y: number): number;
}

/** A compiled module. */
export interface WasmModule {
  module: WebAssembly.Module;
  backend: "cpu" | "cpu-nofma";
  /** For people. */
  name: string;
}

/**
 * Compiles the module that runs here, or the wanted one.
 * @throws StageError where the wanted one is `wasm`, and Node.js or the processor has no fused multiply-add.
 */
export function compileModule(wanted: "wasm" | "wasm-plain" | undefined): WasmModule {
  if (wanted !== "wasm-plain") {
    const wide = revectorizes();
    const fused = compileFused(wide ? MODULES.wide : MODULES.wasm);
    if (fused) return { module: fused, backend: "cpu", name: `wasm relaxed-simd${wide ? " 256" : ""}` };
    if (wanted) {
      const hint = "Unset POISON_DEVICE, or set it to wasm-plain.";
      throw new StageError("WebAssembly has no fused multiply-add here.", { hint });
    }
  }
  return {
    module: new WebAssembly.Module(readFileSync(MODULES["wasm-plain"])),
    backend: "cpu-nofma",
    name: "wasm simd",
  };
}

/** Whether V8 was told to join pairs of 128-bit vectors, an experiment of Node.js 24 and newer. */
function revectorizes(): boolean {
  const options = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? "").split(/\s+/)];
  return options.some((option) => option.replaceAll("_", "-") === "--experimental-wasm-revectorize");
}

/** A module whose multiply-add rounds once, else nothing: relaxed SIMD leaves it to the processor. */
function compileFused(file: URL): WebAssembly.Module | undefined {
  // Node.js 20 has it behind a flag; later ones have it on.
  if (process.versions.v8.startsWith("11.")) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
  let module: WebAssembly.Module;
  try {
    module = new WebAssembly.Module(readFileSync(file));
  } catch {
    return undefined; // a CompileError: an instruction that this V8 does not know
  }
  const memory = new WebAssembly.Memory({ initial: MODULE_PAGES, maximum: PAGES, shared: true });
  const { fusedResidue } = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as WasmKernel;
  // (1 + 2^-12)^2 - (1 + 2^-11) = 2^-24, which the rounding of the square would lose.
  return fusedResidue(1 + 2 ** -12, -(1 + 2 ** -11)) === 2 ** -24 ? module : undefined;
}

/** Bytes of a page of WebAssembly's memory, how many the modules are linked for: 4 GiB, and how many they begin with. */
export const PAGE = 65_536;
export const PAGES = 65_536;
export const MODULE_PAGES = 2;
