import { KERAS, type OptimizerParams } from "../optimizer.ts";
import { RULES, type TrainSpace } from "./wasm.ts";

/** Units of a panel, see cpp/panel.h. */
export const PANEL = 16;
const ROW_BYTES = 4 * PANEL;
/** State that was not renewed for so many steps counts as so old: 0.9 ** 1023 is no float32 any more. */
const OLDEST = 1023;

/** A dense layer in the kernel's memory: its weights, the state of its optimizer, and its part of a batch. */
export interface DenseLayer {
  /** The batch [n, inputs], to be filled before `forward`. */
  input(n: number): Float32Array;
  /** Sums [n, units] of the inputs, weighted, and the biases: `sums(n)[sumIndex(b, unit, n)]`. */
  sums(n: number): Float32Array;
  /** The loss's gradient by the sums: zeros, to be filled before `backward` and `update`; indexed as they are. */
  gradients(n: number): Float32Array;
  forward(n: number): void;
  /** The loss's gradient by the input [n, inputs]. */
  backward(n: number): Float32Array;
  /** One step of the optimizer. */
  update(n: number): void;
  /** The kernel [inputs, units] and the bias [units], as Keras has them. */
  weights(): { kernel: Float32Array; bias: Float32Array };
}

/** Where a unit's value for image b of n stands: panel by panel [units / 16, n, 16]. */
export const sumIndex = (b: number, unit: number, n: number): number =>
  (Math.floor(unit / PANEL) * n + b) * PANEL + (unit % PANEL);

/**
 * Lays a layer out in memory.
 * @param capacity the largest batch. @param initial the kernel [inputs, units] and the bias [units].
 * @throws RangeError where 4 GiB do not suffice.
 */
export function denseLayer(
  { kernel, allocate, floats, eachPanel }: TrainSpace,
  { inputs, units, capacity }: { inputs: number; units: number; capacity: number },
  initial: { kernel: Float32Array; bias: Float32Array },
  { optimizer, learning_rate }: OptimizerParams,
): DenseLayer {
  const panels = Math.ceil(units / PANEL);
  const panelBytes = (inputs + 1) * ROW_BYTES;
  const table = () => allocate(panels * panelBytes);
  const weights = table();
  const squares = optimizer === "sgd" ? weights : table();
  const means = optimizer === "adam" ? table() : weights;
  const x = allocate(4 * capacity * inputs);
  const dx = allocate(4 * capacity * inputs);
  const sums = allocate(ROW_BYTES * panels * capacity);
  const gradients = allocate(ROW_BYTES * panels * capacity);
  const entries = allocate(8 * capacity * (inputs + 1));
  const ends = allocate(4 * capacity);
  const columns = allocate(8 * (inputs + 1));
  const seen = allocate(4 * (inputs + 1));
  const powers = allocate(4 * (OLDEST + 1));
  floats(powers, OLDEST + 1).set(Array.from({ length: OLDEST + 1 }, (_, age) => KERAS.rho ** age));

  for (let p = 0; p < panels; p++) {
    const panel = floats(weights + p * panelBytes, panelBytes / 4);
    const width = Math.min(PANEL, units - p * PANEL);
    for (let i = 0; i <= inputs; i++) {
      const row = i < inputs ? initial.kernel : initial.bias;
      const from = (i < inputs ? i * units : 0) + p * PANEL;
      panel.set(row.subarray(from, from + width), i * PANEL);
    }
  }

  let step = 0;
  /** Adam corrects for its means having begun at zero. */
  const rate = () =>
    optimizer === "adam"
      ? (learning_rate * Math.sqrt(1 - KERAS.beta2 ** step)) / (1 - KERAS.beta1 ** step)
      : learning_rate;
  const decays = optimizer === "adam" ? ([KERAS.beta1, KERAS.beta2] as const) : ([0, KERAS.rho] as const);

  return {
    input: (n) => floats(x, n * inputs),
    sums: (n) => floats(sums, n * panels * PANEL),
    gradients: (n) => floats(gradients, n * panels * PANEL).fill(0),
    forward(n) {
      kernel.packImages(x, n, inputs, entries, ends);
      eachPanel("forward", panels, [entries, ends, n, weights, sums], { 3: panelBytes, 4: n * ROW_BYTES });
    },
    backward(n) {
      const out = floats(dx, n * inputs).fill(0);
      for (let p = 0; p < panels; p++)
        kernel.backward(gradients + p * n * ROW_BYTES, n, weights + p * panelBytes, inputs, dx);
      return out;
    },
    update(n) {
      step++;
      kernel.packInputs(x, n, inputs, entries, columns, step, seen, powers, OLDEST);
      const batch = [RULES[optimizer], entries, columns, inputs, weights, gradients, means, squares] as const;
      const strides = { 4: panelBytes, 5: n * ROW_BYTES, 6: panelBytes, 7: panelBytes };
      eachPanel("update", panels, [...batch, rate(), ...decays, KERAS.epsilon], strides);
    },
    weights() {
      const all = new Float32Array((inputs + 1) * units);
      for (let p = 0; p < panels; p++) {
        const panel = floats(weights + p * panelBytes, panelBytes / 4);
        const width = Math.min(PANEL, units - p * PANEL);
        for (let i = 0; i <= inputs; i++) all.set(panel.subarray(i * PANEL, i * PANEL + width), i * units + p * PANEL);
      }
      return { kernel: all.subarray(0, inputs * units), bias: all.slice(inputs * units) };
    },
  };
}
