import { hasNvidiaGpu } from "../setup/flavor.mjs";
import { pythonStamp } from "../setup/python-environment.mjs";
import { attempt, lastLines } from "../setup/run.mjs";
import { probeTensorflow, tensorflowAddon } from "../setup/tensorflow-addon.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

/** The GPU, and what TensorFlow.js computes on. @returns {Promise<Finding[]>} */
export async function examineDevice() {
  const [gpu, probe, addon] = await Promise.all([findGpu(), probeTensorflow(), tensorflowAddon.done()]);
  return [examineGpu(gpu), examineBackend(gpu !== undefined, addon, probe)];
}

/** Name, driver and memory of each NVIDIA GPU, or nothing. */
async function findGpu() {
  const query = ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"];
  const { ok, stdout } = await attempt("nvidia-smi", query, { timeout_s: 5 });
  if (ok) return stdout.trim();
  return (await hasNvidiaGpu()) ? "NVIDIA, of unknown kind (nvidia-smi does not run)" : undefined;
}

/** @param {string | undefined} gpu @returns {Finding} */
function examineGpu(gpu) {
  const { flavor, asked } = pythonStamp() ?? { flavor: undefined, asked: false };
  const installed = flavor ? `TensorFlow for the ${flavor.toUpperCase()} is installed` : "no TensorFlow is installed";
  const text = `${gpu ?? "no NVIDIA GPU"}; ${installed}`;
  if (!gpu || flavor !== "cpu") return { label: "GPU", text };
  return {
    label: "GPU",
    text: asked ? `${text}, as asked for` : text,
    remedy: "to use the GPU: npm run setup -- --gpu",
  };
}

/**
 * @param {boolean} gpu whether there is one
 * @param {boolean} addon whether it is built
 * @param {{ok: boolean, stdout: string, output: string}} probe
 * @returns {Finding}
 */
function examineBackend(gpu, addon, { ok, stdout, output }) {
  const label = "TensorFlow.js";
  if (!ok) {
    const remedy = process.env.POISON_DEVICE ? "npm run setup, or unset POISON_DEVICE" : "npm run setup";
    return { label, text: `does not compute: ${lastLines(output, 3)}`, fatal: true, remedy };
  }
  /** @type {{backend: string, device: string, name: string, tfjs: string}} */
  const { backend, device, name, tfjs } = JSON.parse(lastLines(stdout, 1));
  const asked = process.env.POISON_DEVICE ? `, as POISON_DEVICE=${process.env.POISON_DEVICE} says` : "";
  const text = `${tfjs} on ${name}${asked}; the addon is ${addon ? "" : "not "}built`;
  if (asked) return { label, text };
  if (backend === "wasm")
    return { label, text, remedy: "several times slower than the addon: npm run setup says what it needs" };
  if (gpu && pythonStamp()?.flavor === "gpu" && device !== "gpu") {
    return {
      label,
      text,
      remedy: "TensorFlow does not use the GPU: CUDA 12 needs driver 525 or newer, and in a container --gpus all",
    };
  }
  return { label, text };
}
