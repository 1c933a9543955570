import { existsSync } from "node:fs";
import { attempt } from "./run.mjs";

/**
 * Which TensorFlow the Python environment holds: `cpu`, or `gpu`, with CUDA.
 * @typedef {"cpu" | "gpu"} Flavor
 */

/**
 * What was asked for (`--cpu`, `--gpu`) holds until something else is asked for. Otherwise a machine with an NVIDIA GPU gets the
 * CUDA build; an environment that has it keeps it while the GPU is out of sight, for it computes on the CPU as well.
 *
 * @param {Flavor | undefined} asked now
 * @param {{flavor?: Flavor, asked?: boolean} | undefined} before what the environment's stamp says
 * @returns {Promise<{flavor: Flavor, asked: boolean}>}
 */
export async function chooseFlavor(asked, before, hasGpu = hasNvidiaGpu) {
  if (asked) return { flavor: asked, asked: true };
  if (before?.flavor && (before.asked || before.flavor === "gpu")) {
    return { flavor: before.flavor, asked: before.asked === true };
  }
  return { flavor: (await hasGpu()) ? "gpu" : "cpu", asked: false };
}

/** Whether an NVIDIA GPU and its driver are there. */
export async function hasNvidiaGpu() {
  if (existsSync("/proc/driver/nvidia/version") || existsSync("/dev/nvidia0")) return true;
  return (await attempt("nvidia-smi", ["-L"], { timeout_s: 10 })).stdout.startsWith("GPU"); // WSL has neither file
}
