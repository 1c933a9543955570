import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gpuVisible } from "../runtime/device.ts";
import { StageError } from "../runtime/errors.ts";

/** What set-up wrote down about the Python environment beside node_modules, where the addon's TensorFlow comes from. */
export function environmentStamp(require = createRequire(import.meta.url)): string {
  const tfjs = dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  return join(tfjs, "..", "..", "..", ".venv", "setup.json");
}

/** Why TensorFlow finds no GPU: no driver, no CUDA in the environment, or a GPU or driver that this CUDA does not take. */
export function missingGpu(driver = gpuVisible(), stamp = environmentStamp()): StageError {
  const [missing, hint] = !driver
    ? [
        "there is no NVIDIA driver on this machine",
        "Install it (525 or newer); start a container with `--gpus all`. Or unset POISON_DEVICE.",
      ]
    : flavorIn(stamp) === "cpu"
      ? ["TensorFlow is installed without CUDA", "Install it with CUDA: `npm run setup -- --gpu`."]
      : [
          "CUDA 12 takes no GPU of this machine",
          "It needs driver 525 or newer and compute capability 6.0 or higher (`nvidia-smi --query-gpu=driver_version,compute_cap --format=csv`); TF_CPP_MIN_LOG_LEVEL=0 shows what TensorFlow says.",
        ];
  return new StageError(`POISON_DEVICE is "gpu", but TensorFlow finds no usable GPU: ${missing}.`, { hint });
}

function flavorIn(stamp: string): string | undefined {
  return existsSync(stamp) ? JSON.parse(readFileSync(stamp, "utf8")).flavor : undefined;
}
