import { existsSync, readFileSync } from "node:fs";
import { gpuVisible } from "../runtime/device.ts";
import { StageError } from "../runtime/errors.ts";
import { commandLine } from "../runtime/installation.mjs";
import { find, stampPlace } from "./place.mjs";

/** Why TensorFlow finds no GPU: no driver, no CUDA in the environment, or a GPU or driver that this CUDA does not take. */
export function missingGpu(driver = gpuVisible(), stamp = find(stampPlace)): StageError {
  const [missing, hint] = !driver
    ? [
        "there is no NVIDIA driver on this machine",
        "Install it (525 or newer); start a container with `--gpus all`. Or unset POISON_DEVICE.",
      ]
    : flavorIn(stamp) === "cpu"
      ? ["TensorFlow is installed without CUDA", `Install it with CUDA: \`${commandLine("setup", "--gpu")}\`.`]
      : [
          "CUDA 12 takes no GPU of this machine",
          "It needs driver 525 or newer and compute capability 6.0 or higher (`nvidia-smi --query-gpu=driver_version,compute_cap --format=csv`); TF_CPP_MIN_LOG_LEVEL=0 TF_CPP_VMODULE=dso_loader=1 shows which of CUDA's libraries it cannot open.",
        ];
  return new StageError(`TensorFlow finds no usable GPU: ${missing}.`, { hint });
}

/** The flavor of TensorFlow that set-up wrote down. @throws StageError where the file is torn. */
function flavorIn(stamp: string | undefined): string | undefined {
  if (stamp === undefined || !existsSync(stamp)) return undefined;
  try {
    return JSON.parse(readFileSync(stamp, "utf8")).flavor;
  } catch (cause) {
    throw new StageError(`${stamp} cannot be read: the set-up was cut short.`, {
      hint: `Call \`${commandLine("setup")}\` again.`,
      cause,
    });
  }
}
