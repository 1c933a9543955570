import { existsSync } from "node:fs";
import { attempt } from "./run.mjs";

/**
 * Which TensorFlow the Python environment holds: `cpu`, or `gpu`, with CUDA.
 * @typedef {"cpu" | "gpu"} Flavour
 */

/**
 * What was asked for (`--cpu`, `--gpu`) holds until something else is asked for. Otherwise a machine with an NVIDIA GPU gets the
 * CUDA build; an environment that has it keeps it while the GPU is out of sight, for it computes on the CPU as well.
 *
 * @param {Flavour | undefined} asked now
 * @param {{flavour?: Flavour, asked?: boolean} | undefined} before what the environment's stamp says
 * @returns {Promise<{flavour: Flavour, asked: boolean}>}
 */
export async function chooseFlavour(asked, before, hasGpu = hasNvidiaGpu) {
  if (asked) return { flavour: asked, asked: true };
  if (before?.flavour && (before.asked || before.flavour === "gpu")) {
    return { flavour: before.flavour, asked: before.asked === true };
  }
  return { flavour: (await hasGpu()) ? "gpu" : "cpu", asked: false };
}

/** Whether an NVIDIA GPU and its driver are there. */
export async function hasNvidiaGpu() {
  if (existsSync("/proc/driver/nvidia/version") || existsSync("/dev/nvidia0")) return true;
  return (await attempt("nvidia-smi", ["-L"], { timeout_s: 10 })).stdout.startsWith("GPU"); // WSL has neither file
}
