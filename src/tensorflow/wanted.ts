import { type Device, gpuVisible } from "../runtime/device.ts";
import { StageError } from "../runtime/errors.ts";
import { warn } from "../runtime/say.ts";
import type { Compute } from "./load.ts";

/**
 * TensorFlow, where this device asks for it: `gpu` and `tensorflow` (on the CPU) do; `auto` does where there is a GPU that TensorFlow can
 * use. Otherwise nothing is loaded.
 * @throws StageError where TensorFlow is asked for by name and is not there, or has no GPU.
 */
export async function wantedTensorFlow(device: Device): Promise<Compute | undefined> {
  if (device === "gpu") return (await load()).loadTensorFlow("gpu");
  if (device === "tensorflow") return (await load()).loadTensorFlow("cpu");
  if (device !== "auto" || !gpuVisible()) return undefined;
  try {
    return await (await load()).loadTensorFlow("gpu");
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    warn(`warning: there is a GPU, which is not used: ${error.message}${error.hint ? ` → ${error.hint}` : ""}`);
    return undefined;
  }
}

const load = () => import("./load.ts");
