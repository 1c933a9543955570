import { existsSync, readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import os from "node:os";
import { hasNvidiaGpu } from "../setup/flavor.mjs";
import { root } from "../setup/paths.mjs";
import { pythonStamp } from "../setup/python-environment.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

const GB = 1e9;

/** The machine: platform, processor, memory, disk. @returns {Promise<Finding[]>} */
export async function examineMachine() {
  const cpus = os.cpus();
  const memory = os.totalmem() / GB;
  return [
    { label: "Platform", text: `${system()}, ${process.arch}, Node ${process.versions.node}` },
    { label: "Processor", text: `${os.availableParallelism()} × ${cpus[0]?.model.trim() || "unknown"}` },
    {
      label: "Memory",
      text: `${memory.toFixed(1)} GB`,
      ...(memory < 3 && { remedy: "the network needs about 2 GB: close other programs, or set image.size lower" }),
    },
    await examineDisk(),
  ];
}

function system() {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return release.match(/^PRETTY_NAME="?([^"\n]+)/m)?.[1] ?? `${os.type()} ${os.release()}`;
}

/** @returns {Promise<Finding>} */
async function examineDisk() {
  const { bavail, bsize } = await statfs(root);
  const free = (bavail * bsize) / GB;
  // Images, features and DVC's cache of them; before that, .venv (0.7 GB, with CUDA 7 GB) and the Node packages.
  const needed = pythonStamp() ? 1 : (await hasNvidiaGpu()) ? 9 : 2;
  const text = `${free.toFixed(1)} GB free`;
  if (free >= needed) return { label: "Disk", text };
  return {
    label: "Disk",
    text,
    fatal: true,
    remedy: `${needed} GB are needed; \`dvc gc --all-commits --all-experiments\` drops cached data that no commit and no experiment uses`,
  };
}
