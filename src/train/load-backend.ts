import { availableParallelism } from "node:os";
import { type Device, wantedDevice } from "../runtime/device.ts";
import { wantedTensorFlow } from "../tensorflow/wanted.ts";
import type { BuildTopModelBackend } from "./backend.ts";
import { wasmBackend } from "./wasm-backend.ts";

/** What trains, and on which device. */
export interface LoadedBackend {
  build: BuildTopModelBackend;
  device: "cpu" | "gpu";
  /** Whose results these are, for outputs: `cpu` for our own kernel, which gives the same bytes everywhere, else TensorFlow's version and device. */
  backend: string;
  /** For people, e.g. `wasm simd, 2 threads`. */
  name: string;
}

/**
 * Loads what trains on the device that `POISON_DEVICE` names: TensorFlow where it is asked for by name, else the project's own kernel,
 * which needs no TensorFlow and does not load it. `auto` never trains on a GPU: steps this small take it twice as long (an H200 against
 * one thread beside it), and the kernel's bytes are the same everywhere.
 * @throws StageError for an unknown device, and for one that is not there.
 */
export async function loadBackend(device: Device = wantedDevice()): Promise<LoadedBackend> {
  const compute = device === "auto" ? undefined : await wantedTensorFlow(device);
  if (compute) {
    const { tensorflowBackend } = await import("./tensorflow-backend.ts");
    return { build: tensorflowBackend(compute), device: compute.device, backend: compute.name, name: compute.name };
  }
  const threads = availableParallelism();
  const name = `wasm simd, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return { build: wasmBackend, device: "cpu", backend: "cpu", name };
}
