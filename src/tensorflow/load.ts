import { createRequire } from "node:module";
import util from "node:util";
import type * as TensorFlow from "@tensorflow/tfjs";
import { wantedDevice } from "../runtime/device.ts";
import { StageError } from "../runtime/errors.ts";
import { warn } from "../runtime/say.ts";
import { missingGpu } from "./missing-gpu.ts";

/** A loaded TensorFlow.js and what computes for it. */
export interface Compute {
  tf: typeof TensorFlow;
  /** `native`: TensorFlow's own kernels; `wasm`: the portable fall-back, several times slower. */
  backend: "native" | "wasm";
  device: "cpu" | "gpu";
  /** For people and metrics, e.g. `tensorflow 2.21.0 cpu`. */
  name: string;
}

const require = createRequire(import.meta.url);

/**
 * Loads TensorFlow.js for the device that `POISON_DEVICE` names: `auto` (default) takes the native addon, with its GPU where there
 * is one, else WASM. Settings of the library's environment that the user has made are kept.
 * @throws StageError for an unknown device, for `gpu` where there is none, and for `cpu` where the addon is not built.
 */
export async function loadTensorFlow(device?: string): Promise<Compute> {
  const wanted = wantedDevice(device);
  if (wanted === "wasm") return loadWasm();
  let compute: Compute;
  try {
    compute = loadNative(wanted === "cpu");
  } catch (cause) {
    if (wanted !== "auto") {
      throw new StageError(
        `POISON_DEVICE is "${wanted}", but TensorFlow's native addon cannot be loaded: ${(cause as Error).message}`,
        {
          hint: "Run `npm run setup`, or set POISON_DEVICE=wasm.",
          cause,
        },
      );
    }
    warn(
      "warning: TensorFlow's native addon is not built; computing on the WASM backend, several times slower. Run `npm run setup`.",
    );
    return loadWasm();
  }
  if (wanted === "gpu" && compute.device !== "gpu") throw missingGpu();
  return compute;
}

function loadNative(cpuOnly: boolean): Compute {
  const environment = process.env;
  // Read by the library when it is loaded, so they are set here. oneDNN makes convolutions a third faster on AVX2 machines.
  environment.TF_ENABLE_ONEDNN_OPTS ??= "1";
  environment.TF_CPP_MIN_LOG_LEVEL ??= "2";
  environment.TF_FORCE_GPU_ALLOW_GROWTH ??= "true";
  environment.TF_DETERMINISTIC_OPS ??= "1";
  if (cpuOnly) environment.CUDA_VISIBLE_DEVICES = "-1";
  // tfjs-node 4.22 calls a function that Node 23 removed (https://github.com/tensorflow/tfjs/issues/8425).
  (util as { isNullOrUndefined?: unknown }).isNullOrUndefined ??= (value: unknown) =>
    value === null || value === undefined;
  const tf = require("@tensorflow/tfjs-node-gpu") as typeof TensorFlow;
  const native = tf.backend() as unknown as { isUsingGpuDevice: boolean; binding: { TF_Version: string } };
  const device = native.isUsingGpuDevice ? "gpu" : "cpu";
  return { tf, backend: "native", device, name: `tensorflow ${native.binding.TF_Version} ${device}` };
}

async function loadWasm(): Promise<Compute> {
  const tf = require("@tensorflow/tfjs") as typeof TensorFlow;
  require("@tensorflow/tfjs-backend-wasm");
  const handlers = process.listeners("uncaughtException").length;
  if (!(await tf.setBackend("wasm"))) throw new Error("the WASM backend of TensorFlow.js does not start");
  // Emscripten's handler rethrows every error with 60 kB of its own source as context: errors keep their own stack instead.
  for (const handler of process.listeners("uncaughtException").slice(handlers))
    process.off("uncaughtException", handler);
  return { tf, backend: "wasm", device: "cpu", name: `tfjs ${tf.version_core} wasm` };
}
