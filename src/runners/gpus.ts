import { spawnSync } from "node:child_process";

/** How many NVIDIA GPUs this process may use: those that `CUDA_VISIBLE_DEVICES` names, else all that the driver lists. */
export function gpuCount(env: NodeJS.ProcessEnv = process.env): number {
  const { CUDA_VISIBLE_DEVICES: visible } = env;
  if (visible !== undefined) return visible.split(",").filter((id) => id.trim() !== "" && id.trim() !== "-1").length;
  const { status, stdout } = spawnSync("nvidia-smi", ["--list-gpus"], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n").filter((line) => line.startsWith("GPU ")).length : 0;
}
