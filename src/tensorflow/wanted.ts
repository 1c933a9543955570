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
  if (device !== "gpu" && device !== "tensorflow" && !(device === "auto" && gpuVisible())) return undefined;
  try {
    const { loadTensorFlow } = await import("./load.ts");
    return await loadTensorFlow(device === "tensorflow" ? "cpu" : "gpu");
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    const { message, hint } = error;
    if (device !== "auto")
      throw new StageError(`POISON_DEVICE is "${device}", but ${message}`, { ...(hint && { hint }), cause: error });
    warn(`warning: there is a GPU, which is not used: ${message}${hint ? ` → ${hint}` : ""}`);
    return undefined;
  }
}
