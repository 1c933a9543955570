import { createRequire } from "node:module";
import util from "node:util";
import type * as TensorFlow from "@tensorflow/tfjs-core";
import type {} from "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
import { damage, isDamaged } from "../runtime/built-addon.mjs";
import { StageError } from "../runtime/errors.ts";
import { commandLine } from "../runtime/installation.mjs";
import { missingGpu } from "./missing-gpu.ts";
import { addonPlace, find, packagePlace } from "./place.mjs";

/** A loaded TensorFlow.js and what computes for it. */
export interface Compute {
  tf: typeof TensorFlow;
  device: "cpu" | "gpu";
  /** For people and metrics, e.g. `tensorflow 2.21.0 cpu`. */
  name: string;
}

/**
 * Loads TensorFlow.js with TensorFlow's own kernels. Settings of the library's environment that the user has made are kept.
 * @param device `any` is the GPU where TensorFlow finds one, else the CPU.
 * @throws StageError where TensorFlow is not, or not completely, installed, and for `gpu` where it finds none.
 */
export async function loadTensorFlow(device: "cpu" | "gpu" | "any"): Promise<Compute> {
  const environment = process.env;
  // Read by the library when it is loaded, so they are set here. oneDNN makes convolutions a third faster on AVX2 machines.
  environment.TF_ENABLE_ONEDNN_OPTS ??= "1";
  environment.TF_CPP_MIN_LOG_LEVEL ??= "2";
  environment.TF_FORCE_GPU_ALLOW_GROWTH ??= "true";
  environment.TF_DETERMINISTIC_OPS ??= "1";
  // Whole float32 products: the features are then within 5e-5 of the CPU's, with the ten bits of TF32 only within 9e-3.
  environment.NVIDIA_TF32_OVERRIDE ??= "0";
  if (device === "cpu") environment.CUDA_VISIBLE_DEVICES = "-1";
  // tfjs-node 4.22 calls a function that Node 22 warns of and Node 23 removed (https://github.com/tensorflow/tfjs/issues/8425).
  (util as { isNullOrUndefined?: unknown }).isNullOrUndefined = (value: unknown) =>
    value === null || value === undefined;
  const tf = load(commandLine("setup", `--${device === "gpu" ? "gpu" : "cpu"}`));
  const native = tf.backend() as unknown as { isUsingGpuDevice: boolean; binding: { TF_Version: string } };
  const found = native.isUsingGpuDevice ? "gpu" : "cpu";
  if (device === "gpu" && found !== "gpu") throw missingGpu();
  return { tf, device: found, name: `tensorflow ${native.binding.TF_Version} ${found}` };
}

/** The package, which is no dependency of this one: the set-up installs it where TensorFlow is. @param remedy the set-up that does */
function load(remedy: string): typeof TensorFlow {
  const hint = `Set it up: \`${remedy}\`.`;
  const folder = find(packagePlace);
  if (folder === undefined) throw new StageError("TensorFlow is not installed.", { hint });
  const addon = find(addonPlace);
  if (addon === undefined)
    throw new StageError("TensorFlow.js's addon is not built.", { hint: `${hint} It says what that needs.` });
  if (isDamaged(addon)) throw new StageError(damage(addon), { hint });
  try {
    return createRequire(import.meta.url)(folder);
  } catch (cause) {
    throw new StageError(`TensorFlow cannot be loaded: ${(cause as Error).message}`, {
      hint: `Delete the addon and build it anew: rm '${addon}' && ${remedy}`, // the set-up leaves alone what is there
      cause,
    });
  }
}
