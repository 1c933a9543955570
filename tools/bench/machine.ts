import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { trainMetricsFile } from "../../src/records/training/train-metrics.ts";
import type { Contender, Measurement } from "./programs.ts";

/** What the figures were got on, in words, by heading. @param training the workspace of the training. */
export async function describeMachine(training: string, measurements: readonly Measurement[]) {
  const { backend } = await trainMetricsFile.read(join(training, "metrics/train.json"));
  const versions = (by: Contender) => measurements.find((m) => m.by === by && m.versions)?.versions;
  const others = (["ours avx2", "ours wasm", "ours wasm wide"] as const).filter((by) => versions(by));
  const [cpu] = cpus();
  const onnx = versions("onnx");
  return {
    Processor: `${cpu?.model.trim()}, ${cpus().length} cores`,
    Memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    System: `${type()} ${release().split("-")[0]}`,
    "dvc-poison": `${versions("ours")} (extraction), ${backend} (training), Node.js ${process.versions.node}`,
    ...Object.fromEntries(others.map((by) => [`… ${by}`, versions(by)])),
    Reference: [versions("keras"), ...(onnx ? [onnx] : [])].join(", "),
    Date: new Date().toISOString().slice(0, 10),
  };
}

/** A warning where other programs keep the machine busy: then the figures say little. */
export function busy(): string | undefined {
  const [load = 0] = loadavg();
  if (load < 0.3 * cpus().length) return undefined;
  return `the machine is busy (load ${load.toFixed(1)} on ${cpus().length} cores): the figures will say little.`;
}
