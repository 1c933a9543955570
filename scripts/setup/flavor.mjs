import { existsSync } from "node:fs";
import { attempt } from "./run.mjs";

/**
 * Which TensorFlow the Python environment holds: `none`, which suffices for a CPU; `cpu`, which the tests and the benchmark compare
 * with; or `gpu`, with CUDA. Each holds what the one before it does.
 * @typedef {"none" | "cpu" | "gpu"} Flavor
 */

/**
 * What was asked for (`--cpu`, `--gpu`, `--without-tensorflow`) holds until something else is asked for. Otherwise a machine with an
 * NVIDIA GPU gets the CUDA build, and any other what is needed; an environment that has more keeps it.
 *
 * @param {object} wish
 * @param {Flavor | undefined} [wish.asked] now
 * @param {{flavor?: Flavor, asked?: boolean} | undefined} [wish.before] what the environment's stamp says
 * @param {Flavor} [wish.needed] by what the set-up is for
 * @returns {Promise<{flavor: Flavor, asked: boolean}>}
 */
export async function chooseFlavor({ asked, before, needed = "none" }, hasGpu = hasNvidiaGpu) {
  if (asked) return { flavor: asked, asked: true };
  const had = before?.flavor ?? "none";
  if (before?.asked) return { flavor: had, asked: true };
  if (had === "gpu" || (await hasGpu())) return { flavor: "gpu", asked: false };
  return { flavor: had === "none" ? needed : had, asked: false };
}

/** Whether an NVIDIA GPU and its driver are there. */
export async function hasNvidiaGpu() {
  if (existsSync("/proc/driver/nvidia/version") || existsSync("/dev/nvidia0")) return true;
  return (await attempt("nvidia-smi", ["-L"], { timeout_s: 10 })).stdout.startsWith("GPU"); // WSL has neither file
}
