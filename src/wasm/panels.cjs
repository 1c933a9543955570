/*
 * Runs one procedure of the kernel over the panels of its data, on several threads: each computes every so-manieth panel. This file is
 * what the main thread requires, and what a worker starts as; plain CommonJS, so that a worker runs within milliseconds.
 */
const { isMainThread, workerData } = require("node:worker_threads");

/** Words of the table through which the threads talk: the number of the job, how many workers are still at it, and what it is. */
const WORD = { job: 0, busy: 1, procedure: 2, panels: 3, parameters: 4 };
/** The most parameters that a procedure has. */
const PARAMETERS = 12;
/** Bytes of the words, and of the table: words, then the parameters and how much each grows by the panel, in float64. */
const WORDS_BYTES = 64;
const TABLE_BYTES = WORDS_BYTES + 2 * 8 * PARAMETERS;

/** How often a thread looks before it sleeps: some tens of microseconds, in which most jobs end. */
const LOOKS = 20_000;
/** A wait that lasts so many seconds will never end. */
const PATIENCE_S = 60;

/** The table as it lies in the kernel's memory. @param {SharedArrayBuffer} buffer @param {number} at */
const tableAt = (buffer, at) => ({
  words: new Int32Array(buffer, at, WORDS_BYTES / 4),
  values: new Float64Array(buffer, at + WORDS_BYTES, 2 * PARAMETERS),
});

/**
 * Waits until a word is no longer `value`; looks first, then sleeps. A thread may be woken late, for a change that it has seen already: so it looks again.
 * @param {Int32Array} words @param {number} word @param {number} value
 */
function awaitChange(words, word, value, patience = Number.POSITIVE_INFINITY) {
  for (let i = 0; i < LOOKS; i++) if (Atomics.load(words, word) !== value) return;
  for (let s = 0; Atomics.load(words, word) === value; )
    if (Atomics.wait(words, word, value, 1000) === "timed-out" && s++ >= patience)
      throw new Error("a thread of the kernel does not answer");
}

/**
 * This thread's share of the job in the table.
 * @param {Record<string, (...parameters: number[]) => void>} kernel @param {string[]} procedures
 * @param {ReturnType<typeof tableAt>} table @param {number} part @param {number} parts
 */
function runShare(kernel, procedures, { words, values }, part, parts) {
  const procedure = kernel[/** @type {string} */ (procedures[words[WORD.procedure] ?? 0])];
  const count = words[WORD.parameters] ?? 0;
  const panels = words[WORD.panels] ?? 0;
  for (let panel = part; panel < panels; panel += parts) {
    const parameters = Array.from(
      { length: count },
      (_, i) => /** @type {number} */ (values[i]) + panel * /** @type {number} */ (values[PARAMETERS + i]),
    );
    procedure?.(...parameters);
  }
}

if (!isMainThread && workerData?.kernel) {
  const { module: compiled, memory, procedures, at, part, parts } = workerData.kernel;
  const kernel = new WebAssembly.Instance(compiled, { env: { memory } }).exports;
  const table = tableAt(memory.buffer, at);
  for (let job = 0; ; job++) {
    awaitChange(table.words, WORD.job, job);
    runShare(/** @type {any} */ (kernel), procedures, table, part, parts);
    if (Atomics.sub(table.words, WORD.busy, 1) === 1) Atomics.notify(table.words, WORD.busy);
  }
}

module.exports = { awaitChange, PARAMETERS, PATIENCE_S, runShare, TABLE_BYTES, tableAt, WORD };
