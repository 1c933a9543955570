import type * as TensorFlow from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import { KERAS, type OptimizerParams } from "./optimizer.ts";

/** A trainable tensor together with the state that its optimizer keeps for it. */
export interface Variable {
  /** The present value; dispose it before `update`, so that the update can happen in place. */
  read(): Tensor;
  /** One update by the loss's gradient (same shape); the caller disposes the gradient. */
  update(gradient: Tensor): void;
  dispose(): void;
}

/** Makes a variable from initial values, row by row. */
export type MakeVariable = (values: Float32Array, shape: number[]) => Variable;

interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

/** What tfjs-node's backend offers beyond its types: any TensorFlow operation by its name. */
interface NodeBackend {
  binding: Record<"TF_ATTR_TYPE" | "TF_ATTR_SHAPE" | "TF_ATTR_STRING" | "TF_ATTR_BOOL" | "TF_FLOAT", number>;
  executeSingleOutput(operation: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(operation: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
}

let created = 0;

/**
 * Variables that live in TensorFlow and are updated in place by its fused kernels ResourceApplyRMSProp, ResourceApplyAdam and
 * ResourceApplyGradientDescent: one pass over the weights where plain operations need eleven.
 */
export function makeTensorVariable(tf: typeof TensorFlow, { optimizer, learning_rate }: OptimizerParams): MakeVariable {
  const backend = tf.backend() as unknown as NodeBackend;
  const { binding } = backend;
  const float = (name: string): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT });
  const flag = (name: string): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value: false });
  const text = (name: string, value: string): Attribute => ({ name, type: binding.TF_ATTR_STRING, value });

  const resource = (shape: number[], values?: Float32Array): Tensor => {
    const handle = backend.executeSingleOutput(
      "VarHandleOp",
      [
        float("dtype"),
        { name: "shape", type: binding.TF_ATTR_SHAPE, value: shape },
        text("shared_name", `variable_${created++}`),
        text("container", ""),
      ],
      [],
    );
    const initial = values ? tf.tensor(values, shape) : tf.zeros(shape);
    backend.executeMultipleOutputs("AssignVariableOp", [float("dtype")], [handle, initial], 0);
    initial.dispose();
    return handle;
  };
  const destroy = (handle: Tensor) => {
    backend.executeMultipleOutputs(
      "DestroyResourceOp",
      [{ name: "ignore_lookup_error", type: binding.TF_ATTR_BOOL, value: false }],
      [handle],
      0,
    );
    handle.dispose();
  };
  const apply = (operation: string, flags: Attribute[], inputs: Tensor[]) =>
    backend.executeMultipleOutputs(operation, [float("T"), flag("use_locking"), ...flags], inputs, 0);

  return (values, shape) => {
    const weights = resource(shape, values);
    const state = Array.from({ length: optimizer === "sgd" ? 0 : 2 }, () => resource(shape));
    const rate = tf.scalar(learning_rate);
    const constants = (
      optimizer === "rmsprop" ? [KERAS.rho, 0, KERAS.epsilon] : [KERAS.beta1, KERAS.beta2, KERAS.epsilon]
    ).map((value) => tf.scalar(value));
    let steps = 0;
    const update = {
      sgd: (gradient: Tensor) => apply("ResourceApplyGradientDescent", [], [weights, rate, gradient]),
      rmsprop: (gradient: Tensor) =>
        apply("ResourceApplyRMSProp", [], [weights, ...state, rate, ...constants, gradient]),
      adam: (gradient: Tensor) => {
        steps++;
        const powers = [tf.scalar(KERAS.beta1 ** steps), tf.scalar(KERAS.beta2 ** steps)];
        apply(
          "ResourceApplyAdam",
          [flag("use_nesterov")],
          [weights, ...state, ...powers, rate, ...constants, gradient],
        );
        tf.dispose(powers);
      },
    }[optimizer];
    return {
      read: () => backend.executeSingleOutput("ReadVariableOp", [float("dtype")], [weights]),
      update,
      dispose: () => {
        for (const handle of [weights, ...state]) destroy(handle);
        tf.dispose([rate, ...constants]);
      },
    };
  };
}
