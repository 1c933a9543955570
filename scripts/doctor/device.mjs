import { commandLine } from "../../src/runtime/installation.mjs";
import { hasNvidiaGpu } from "../setup/flavor.mjs";
import { pythonStamp } from "../setup/python-environment.mjs";
import { attempt, lastLines } from "../setup/run.mjs";
import { probeTensorflow } from "../setup/tensorflow-addon.mjs";
import { examineConvolutions } from "./convolutions.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

/** The GPU, and what computes on it and on the CPU. @returns {Promise<Finding[]>} */
export async function examineDevice() {
  const [gpu, convolutions] = await Promise.all([findGpu(), examineConvolutions()]);
  return [examineGpu(gpu), convolutions, await examineTensorflow(gpu !== undefined)];
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
  const { flavor, asked } = pythonStamp() ?? { flavor: "none", asked: false };
  const installed = flavor === "none" ? "no TensorFlow" : `TensorFlow for the ${flavor.toUpperCase()}`;
  const text = `${gpu ?? "no NVIDIA GPU"}; ${installed} is installed`;
  if (!gpu || flavor === "gpu") return { label: "GPU", text };
  return {
    label: "GPU",
    text: asked ? `${text}, as asked for` : text,
    remedy: `to use the GPU: ${commandLine("setup", "--gpu")}`,
  };
}

/** Devices of TensorFlow by what POISON_DEVICE may say. @type {Record<string, "cpu" | "gpu" | undefined>} */
const askedDevices = { gpu: "gpu", tensorflow: "cpu" };

/** @param {boolean} gpu whether there is one @returns {Promise<Finding>} */
async function examineTensorflow(gpu) {
  const label = "TensorFlow.js";
  const flavor = pythonStamp()?.flavor ?? "none";
  const asked = askedDevices[process.env.POISON_DEVICE ?? ""];
  if (flavor === "none" && !asked) return { label, text: "not installed; a CPU needs none" };
  const { ok, stdout, output } = await probeTensorflow(asked ?? "any");
  if (!ok) {
    const remedy = `${commandLine("setup", asked && `--${asked}`)}${asked ? ", or unset POISON_DEVICE" : ""}`;
    return { label, text: `does not compute: ${lastLines(output, 3)}`, remedy, fatal: asked !== undefined };
  }
  /** @type {{device: string, name: string, tfjs: string}} */
  const { device, name, tfjs } = JSON.parse(lastLines(stdout, 1));
  const text = `${tfjs} on ${name}${asked ? `, as POISON_DEVICE=${process.env.POISON_DEVICE} says` : ""}`;
  if (!gpu || asked || flavor !== "gpu" || device === "gpu") return { label, text };
  return {
    label,
    text,
    remedy:
      "TensorFlow does not use the GPU: CUDA 12 needs driver 525 or newer, and in a container --gpus all; POISON_DEVICE=gpu says more",
  };
}
