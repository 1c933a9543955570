import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** A place in a kernel's memory, bytes. */
export type Address = number;

/** What a kernel exports. */
export type Procedure<A extends number[]> = (...args: A) => void;

/** Bytes of a page of WebAssembly's memory, and how many there may be: 4 GiB. */
const PAGE = 65_536;
const PAGES = 65_536;
/** Arrays begin on a cache line. */
const LINE = 64;
/** More threads than this gain nothing. */
const MOST_THREADS = 8;

/** A kernel and its memory, which grows as arrays are laid out in it. */
export interface WasmSpace<K, P extends keyof K> {
  kernel: K;
  /** Lays out an array of zeros. @throws RangeError where 4 GiB do not suffice. */
  allocate(bytes: number): Address;
  /** An array in memory. */
  floats(at: Address, length: number): Float32Array;
  /** Calls a procedure for each panel; parameter i grows by `strides[i]` from one panel to the next. Returns when all are done. */
  eachPanel<N extends P>(
    procedure: N,
    panels: number,
    parameters: K[N] extends Procedure<infer A> ? A : never,
    strides: Partial<Record<number, number>>,
  ): void;
  /** Ends the threads. */
  close(): void;
}

const panelsProgram = new URL("./panels.cjs", import.meta.url);
const { awaitChange, PARAMETERS, PATIENCE_S, runShare, TABLE_BYTES, tableAt, WORD } = createRequire(import.meta.url)(
  "./panels.cjs",
) as typeof import("./panels.cjs");

/**
 * Loads a kernel into a memory of its own, which its threads share. The number of threads changes no result.
 * @param procedures those that compute one panel from what all panels share: they may run for several panels at once.
 */
export function loadSpace<K, P extends keyof K & string>(
  wasm: URL,
  procedures: readonly P[],
  threads = Math.min(availableParallelism(), MOST_THREADS),
): WasmSpace<K, P> {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: PAGES, shared: true });
  const module = new WebAssembly.Module(readFileSync(wasm));
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as K;
  const at = LINE;
  let end = at + Math.ceil(TABLE_BYTES / LINE) * LINE;
  const table = tableAt(memory.buffer, at);
  const { words, values } = table;
  const workers = Array.from({ length: threads - 1 }, (_, i) => {
    const data = { module, memory, procedures, at, part: i + 1, parts: threads };
    const worker = new Worker(fileURLToPath(panelsProgram), { workerData: { kernel: data }, execArgv: [] });
    worker.unref();
    return worker;
  });
  return {
    kernel,
    allocate(bytes) {
      const start = end;
      end += Math.ceil(bytes / LINE) * LINE;
      const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
      if (missing > 0) memory.grow(missing);
      return start;
    },
    floats: (start, length) => new Float32Array(memory.buffer, start, length),
    eachPanel(procedure, panels, parameters, strides) {
      words[WORD.procedure] = procedures.indexOf(procedure);
      words[WORD.panels] = panels;
      words[WORD.parameters] = (parameters as number[]).length;
      for (const [i, value] of (parameters as number[]).entries()) {
        values[i] = value;
        values[PARAMETERS + i] = strides[i] ?? 0;
      }
      const alone = panels === 1 || workers.length === 0;
      if (!alone) {
        Atomics.store(words, WORD.busy, workers.length);
        Atomics.add(words, WORD.job, 1);
        Atomics.notify(words, WORD.job);
      }
      runShare(kernel as never, [...procedures], table, 0, alone ? 1 : threads);
      if (alone) return;
      for (let busy = Atomics.load(words, WORD.busy); busy > 0; busy = Atomics.load(words, WORD.busy))
        awaitChange(words, WORD.busy, busy, PATIENCE_S);
    },
    close() {
      for (const worker of workers) worker.terminate();
    },
  };
}
