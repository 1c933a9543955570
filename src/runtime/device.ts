import { existsSync } from "node:fs";
import { StageError } from "./errors.ts";

/** Our own builds for the CPU: the addon's, by the instructions that they use, and WebAssembly's. */
const BUILDS = ["native", "native-avx512", "native-avx2", "native-neon", "wasm", "wasm-plain"] as const;
const DEVICES = ["auto", "gpu", "cpu", ...BUILDS, "tensorflow"] as const;

/**
 * What a person may want to compute on: a GPU; the CPU by the fastest of our own builds, or by one of them; TensorFlow on the CPU; `auto`
 * is the GPU where there is one that can be used, else the CPU.
 */
export type Device = (typeof DEVICES)[number];

/** The device that `POISON_DEVICE` names, by default `auto`. @throws StageError for another word. */
export function wantedDevice(wanted: string = process.env.POISON_DEVICE || "auto"): Device {
  if (DEVICES.includes(wanted as Device)) return wanted as Device;
  throw new StageError(`POISON_DEVICE is "${wanted}"; it must be ${DEVICES.join(", ")}.`, {
    hint: "Unset it to use what is there.",
  });
}

/** What NVIDIA's driver puts there, on Linux, in containers and under WSL. */
const DRIVER = ["/proc/driver/nvidia/version", "/dev/nvidia0", "/dev/dxg"];

/** Whether there may be an NVIDIA GPU: a look at the driver's files, without loading anything. */
export const gpuVisible = (files: readonly string[] = DRIVER): boolean => files.some((file) => existsSync(file));

/** Whether a GPU is asked for, or may be used because there is one. @throws StageError for an unknown device. */
export function gpuWanted(): boolean {
  const wanted = wantedDevice();
  return wanted === "gpu" || (wanted === "auto" && gpuVisible());
}
