/* A thread of wasm.ts: does its parts of jobs, in order. Plain CommonJS, so that it starts within milliseconds. */
const { parentPort, workerData } = require("node:worker_threads");

/**
 * Addresses in the shared memory: weights to transform, or images of which each thread takes the next `share` until none are left.
 * @typedef {{ kind: "load", layer: number, filter: number, bias: number, part: number, parts: number }
 *   | { kind: "run", images: number, features: number, next: number, n: number, share: number, imageBytes: number, rowBytes: number }} Job
 */

const { module: compiled, memory, network, stack, scratch } = workerData;
/** @type {any} */
const kernel = new WebAssembly.Instance(compiled, { env: { memory } }).exports;
kernel.__stack_pointer.value = stack;

parentPort?.on("message", (/** @type {{ id: number, job: Job }} */ { id, job }) => {
  if (job.kind === "load") kernel.load(network, job.layer, job.filter, job.bias, job.part, job.parts);
  else {
    const next = new Int32Array(memory.buffer, job.next, 1);
    const { images, features, n, share, imageBytes, rowBytes } = job;
    for (let i = Atomics.add(next, 0, share); i < n; i = Atomics.add(next, 0, share))
      kernel.run(network, images + i * imageBytes, Math.min(share, n - i), features + i * rowBytes, scratch);
  }
  parentPort?.postMessage(id);
});
