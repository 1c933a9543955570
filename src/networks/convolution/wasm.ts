import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { StageError } from "../../runtime/errors.ts";
import type { ConvolutionalBase } from "../network.ts";
import { compileModule, MODULE_PAGES, PAGE, PAGES, type WasmKernel } from "./module.ts";
import type { ConvolutionLayer, Network } from "./network.ts";
import type { Job } from "./wasm-worker.cjs";

/** Calls of `features` whose images lie in the memory at once: one is computed, one waits. */
const SLOTS = 2;
/** Bytes of a thread's stack. */
const STACK = 65_536;
/** Arrays begin on a cache line. */
const LINE = 64;

const program = fileURLToPath(new URL("./wasm-worker.cjs", import.meta.url));

/**
 * The network in WebAssembly: threads that share one memory and compute while JavaScript does something else.
 * @throws StageError where 4 GiB do not suffice, or as compileModule does.
 */
export async function loadWasm(
  { description, size, channels, share, rowShape }: Network,
  layers: readonly ConvolutionLayer[],
  threads: number,
  wanted: "wasm" | "wasm-plain" | undefined,
): Promise<ConvolutionalBase> {
  const { module, backend, name } = compileModule(wanted);
  const memory = new WebAssembly.Memory({ initial: MODULE_PAGES, maximum: PAGES, shared: true });
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as WasmKernel;
  const batch = share * threads;
  const [imageBytes, rowBytes] = [4 * size * size * channels, 4 * rowShape[0] * rowShape[1] * rowShape[2]];

  let end = kernel.heap();
  const allocate = (bytes: number) => {
    const start = Math.ceil(end / LINE) * LINE;
    end = start + bytes;
    const missing = Math.ceil(end / PAGE) - memory.buffer.byteLength / PAGE;
    try {
      if (missing > 0) memory.grow(missing);
    } catch (cause) {
      const hint = "Set a smaller image.size, or fewer threads.";
      throw new StageError(`Convolutions of ${size} px on ${threads} threads need more than 4 GiB.`, { hint, cause });
    }
    return start;
  };
  const floats = (at: number, length: number) => new Float32Array(memory.buffer, at, length);

  const network = allocate(kernel.networkBytes());
  const plan = allocate(description.byteLength);
  new Int32Array(memory.buffer, plan, description.length).set(description);
  kernel.plan(network, plan);
  kernel.attach(network, allocate(kernel.weightBytes(network)));
  const scratch = Array.from({ length: threads }, () => ({
    stack: allocate(STACK) + STACK,
    scratch: allocate(kernel.scratchBytes(network)),
  }));
  const free = Array.from({ length: SLOTS }, () => ({
    images: allocate(batch * imageBytes),
    features: allocate(batch * rowBytes),
    next: allocate(LINE),
  }));

  let pending = 0;
  const crew = scratch.map((places) => {
    const worker = new Worker(program, { workerData: { module, memory, network, ...places }, execArgv: [] });
    worker.unref();
    return worker;
  });
  /** Has every thread do its part of a job; they take jobs in order, without waiting for each other. */
  const everyThread = async (job: (part: number) => Job) => {
    if (pending++ === 0) for (const worker of crew) worker.ref();
    try {
      await Promise.all(crew.map((worker, part) => ask(worker, job(part))));
    } finally {
      if (--pending === 0) for (const worker of crew) worker.unref();
    }
  };

  // Filters pass through the place of the scratch and the images, which nothing needs yet.
  const raw = scratch[0]?.scratch as number;
  allocate(Math.max(0, raw + Math.max(...layers.map(({ filter, bias }) => filter.byteLength + bias.byteLength)) - end));
  for (const [layer, { filter, bias }] of layers.entries()) {
    floats(raw, filter.length).set(filter);
    floats(raw + filter.byteLength, bias.length).set(bias);
    const addresses = { filter: raw, bias: raw + filter.byteLength };
    await everyThread((part) => ({ kind: "load", layer, ...addresses, part, parts: threads }));
  }

  const waiting: (() => void)[] = [];
  async function compute(images: Float32Array): Promise<Float32Array> {
    const n = (images.length * 4) / imageBytes;
    while (free.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const slot = free.pop() as (typeof free)[number];
    try {
      floats(slot.images, images.length).set(images);
      Atomics.store(new Int32Array(memory.buffer, slot.next, 1), 0, 0);
      const step = Math.min(share, Math.ceil(n / threads));
      await everyThread(() => ({ kind: "run", ...slot, n, share: step, imageBytes, rowBytes }));
      return floats(slot.features, (n * rowBytes) / 4).slice();
    } finally {
      free.push(slot);
      waiting.shift()?.();
    }
  }
  return {
    name: `${name}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    backend,
    rowShape,
    batch,
    async features(images, n) {
      const image = imageBytes / 4;
      if (images.length < n * image) throw new RangeError("too few images");
      if (n <= batch) return n > 0 ? compute(images.subarray(0, n * image)) : new Float32Array();
      const all = new Float32Array((n * rowBytes) / 4);
      const parts = Array.from({ length: Math.ceil(n / batch) }, async (_, i) => {
        const some = images.subarray(i * batch * image, Math.min((i + 1) * batch, n) * image);
        all.set(await compute(some), (i * batch * rowBytes) / 4);
      });
      await Promise.all(parts);
      return all;
    },
    close() {
      for (const worker of crew) worker.terminate();
    },
  };
}

let jobs = 0;
/** Gives a thread a job. Resolves when its part is done. */
function ask(worker: Worker, job: Job): Promise<void> {
  const id = jobs++;
  return new Promise((resolve, reject) => {
    const done = (answer: number) => {
      if (answer === id) settle(resolve);
    };
    const failed = (error: Error) => settle(() => reject(error));
    const ended = () => settle(() => reject(new Error("a thread of the convolutions has ended")));
    const settle = (how: () => void) => {
      worker.off("message", done).off("error", failed).off("exit", ended);
      how();
    };
    worker.on("message", done).on("error", failed).on("exit", ended);
    worker.postMessage({ id, job });
  });
}
