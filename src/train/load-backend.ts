import { gpuWanted } from "../runtime/device.ts";
import type { BuildTopModelBackend } from "./backend.ts";
import { wasmBackend } from "./wasm-backend.ts";

/** What trains, and on which device. */
export interface LoadedBackend {
  build: BuildTopModelBackend;
  device: "cpu" | "gpu";
  /** For people and metrics, e.g. `webassembly simd cpu`. */
  name: string;
}

/**
 * Loads what trains on the device that `POISON_DEVICE` names: TensorFlow on a GPU, else the project's own kernel, which needs no
 * TensorFlow and does not load it.
 * @throws StageError for an unknown device, and for `gpu` where there is none.
 */
export async function loadBackend(): Promise<LoadedBackend> {
  if (gpuWanted()) {
    const { loadTensorFlow } = await import("../tensorflow/load.ts");
    const compute = await loadTensorFlow();
    if (compute.device === "gpu") {
      const { tensorflowBackend } = await import("./tensorflow-backend.ts");
      return { build: tensorflowBackend(compute), device: "gpu", name: compute.name };
    }
  }
  return { build: wasmBackend, device: "cpu", name: "webassembly simd cpu" };
}
