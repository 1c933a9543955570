/*
 * The arithmetic of training, in AssemblyScript (https://www.assemblyscript.org), compiled to WebAssembly with 128-bit vectors:
 * `node --import tsx tools/train-wasm.ts` writes ../kernel.wasm. Parameters are addresses in its memory, laid out by dense-layer.ts.
 * WebAssembly rounds alike on every processor, and each sum is added up in the same order: equal inputs give equal bytes everywhere.
 */
export { backward, forward } from "./dense";
export { packImages, packInputs } from "./pack";
export { update } from "./update";
