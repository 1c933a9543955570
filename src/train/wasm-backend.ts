import { StageError } from "../runtime/errors.ts";
import type { TopModelBackend } from "./backend.ts";
import { probabilitiesOf } from "./cross-entropy.ts";
import type { OptimizerParams } from "./optimizer.ts";
import type { TopModel, TopWeights } from "./top-model.ts";
import { type DenseLayer, denseLayer, sumIndex } from "./wasm/dense-layer.ts";
import { loadWasm, type TrainSpace } from "./wasm/wasm.ts";

/**
 * Smaller gradients by a logit count as zero: no float32 weight feels them, and their squares would be near float32's end, where
 * many processors compute slowly.
 */
const NEGLIGIBLE = 1e-15;

/** A trainer on the project's own kernel: vectors of WebAssembly, whose arithmetic is the same on every processor, and no TensorFlow. */
export function wasmBackend(
  model: TopModel,
  initial: TopWeights,
  params: OptimizerParams,
  capacity: number,
  threads?: number,
): TopModelBackend {
  const { hidden: units, outputs } = model;
  const space = loadWasm(threads);
  const [hidden, output] = layOut(space, model, initial, params, capacity);
  const seen: Float32Array[] = [];

  /** Logits [n, outputs] of the batch in the hidden layer's input; fills the output layer's. */
  function forward(n: number, mask: Float32Array | null): Float32Array {
    hidden.forward(n);
    const h = hidden.sums(n);
    const d = output.input(n); // [n, hidden]
    for (let b = 0, at = 0; b < n; b++)
      for (let unit = 0; unit < units; unit++, at++)
        d[at] = Math.max(h[sumIndex(b, unit, n)] as number, 0) * (mask ? (mask[at] as number) : 1);
    output.forward(n);
    const z = output.sums(n);
    return Float32Array.from(
      { length: n * outputs },
      (_, i) => z[sumIndex(Math.floor(i / outputs), i % outputs, n)] as number,
    );
  }

  return {
    step({ features, targets, mask }) {
      const n = targets.length / outputs;
      hidden.input(n).set(features);
      const z = forward(n, mask);
      seen.push(z);

      const dz = output.gradients(n);
      for (const [b, row] of probabilitiesOf(z, outputs).entries()) {
        for (let k = 0; k < outputs; k++) {
          const probability = row[outputs === 1 ? 1 : k] as number;
          const gradient = (probability - (targets[b * outputs + k] as number)) / n;
          dz[sumIndex(b, k, n)] = Math.abs(gradient) < NEGLIGIBLE ? 0 : gradient;
        }
      }
      const dd = output.backward(n); // [n, hidden]
      const h = hidden.sums(n);
      const dh = hidden.gradients(n);
      for (let b = 0, at = 0; b < n; b++) {
        for (let unit = 0; unit < units; unit++, at++) {
          const sum = sumIndex(b, unit, n);
          dh[sum] = (h[sum] as number) > 0 ? (dd[at] as number) * (mask ? (mask[at] as number) : 1) : 0;
        }
      }
      hidden.update(n);
      output.update(n);
    },
    trainingLogits() {
      const all = new Float32Array(seen.reduce((length, z) => length + z.length, 0));
      let at = 0;
      for (const z of seen.splice(0)) {
        all.set(z, at);
        at += z.length;
      }
      return all;
    },
    logits(features) {
      const n = features.length / model.inputs;
      hidden.input(n).set(features);
      return forward(n, null);
    },
    weights() {
      const [first, second] = [hidden.weights(), output.weights()];
      return {
        hiddenKernel: first.kernel,
        hiddenBias: first.bias,
        outputKernel: second.kernel,
        outputBias: second.bias,
      };
    },
    dispose: space.close,
  };
}

function layOut(
  space: TrainSpace,
  { inputs, hidden, outputs }: TopModel,
  initial: TopWeights,
  params: OptimizerParams,
  capacity: number,
): [DenseLayer, DenseLayer] {
  try {
    return [
      denseLayer(
        space,
        { inputs, units: hidden, capacity },
        { kernel: initial.hiddenKernel, bias: initial.hiddenBias },
        params,
      ),
      denseLayer(
        space,
        { inputs: hidden, units: outputs, capacity },
        { kernel: initial.outputKernel, bias: initial.outputBias },
        params,
      ),
    ];
  } catch (cause) {
    space.close();
    if (!(cause instanceof RangeError)) throw cause;
    throw new StageError(
      `train.hidden_units is ${hidden}, train.batch_size ${capacity}: with ${inputs} features the top model takes more than 4 GiB.`,
      { hint: "Make one of them smaller, or image.size in params.yaml.", cause },
    );
  }
}
