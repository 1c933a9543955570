import { join } from "node:path";
import { program, root } from "../../scripts/setup/paths.mjs";

import { readFeatureMetadata } from "../../src/records/features/features-metadata.ts";

import { answerOf, measure, progressOf, type Usage } from "./measure.ts";
import { stage } from "./workspace.ts";

/** What one program took in one round. */
export interface Measurement {
  step: "extraction" | "training" | "restore" | "poison" | "plot" | "experiment";
  by: "keras" | "ours" | "onnx";
  /** Seconds from the program's start to its end. */
  program_s: number;
  /** Seconds of the work alone: the images through the network, or the epochs. */
  work_s: number;
  /** Images that went through. */
  images: number;
  max_rss_mib: number;
  /** Of what computed, where the program says it. */
  versions?: string | undefined;
}

/** Where everything of a benchmark lies. */
export interface Places {
  /** Workspace with the sample of images. */
  extraction: string;
  /** Workspace with all features and labels. */
  training: string;
  /** VGG16's tensors, raw. */
  weights: string;
  /** Python packages of ONNX Runtime, when it is to be measured. */
  onnx: string | undefined;
  /** px, as in params.yaml. */
  size: number;
  epochs: number;
  seed: number;
}

type Program = (places: Places) => Promise<Measurement>;
type Work = { images?: number; seconds: number; versions?: string | undefined };

const python = (script: string) => [program("python"), join(root, "tools", "bench", script)];

const measurement = (step: Measurement["step"], by: Measurement["by"], usage: Usage, work?: Work): Measurement => ({
  step,
  by,
  program_s: usage.seconds,
  work_s: work?.seconds ?? usage.seconds,
  images: work?.images ?? 0,
  max_rss_mib: usage.max_rss_mib,
  versions: work?.versions,
});

/** The network on the sample. */
export const extraction: Record<"keras" | "ours" | "onnx", Program> = {
  async keras({ extraction, weights, size }) {
    const args = ["extract", "data/images", weights, String(size), "data/keras"];
    const usage = await measure([...python("original.py"), ...args], extraction);
    return measurement("extraction", "keras", usage, answerOf<Work>(usage));
  },
  async ours({ extraction }) {
    const usage = await measure(stage("extract-bottleneck"), extraction);
    const { backend: versions } = await readFeatureMetadata(join(extraction, "data/bottleneck"));
    return measurement("extraction", "ours", usage, { ...progressOf(usage), versions });
  },
  async onnx({ extraction, weights, size, onnx }) {
    const script = [...python("onnx_runtime.py"), "data/images", weights, String(size)];
    const usage = await measure(["env", `PYTHONPATH=${onnx}`, ...script], extraction);
    return measurement("extraction", "onnx", usage, answerOf<Work>(usage));
  },
};

/** The top model on all features. */
export const training: Record<"keras" | "ours", Program> = {
  async keras({ training, epochs, seed }) {
    const args = ["train", "data/bottleneck", "data/labels.csv", String(epochs), String(seed)];
    const usage = await measure([...python("original.py"), ...args], training);
    return measurement("training", "keras", usage, answerOf<Work>(usage));
  },
  async ours({ training }) {
    const usage = await measure(stage("train-top"), training);
    return measurement("training", "ours", usage, progressOf(usage));
  },
};

/** A stage that needs no TensorFlow, from its start to its end. */
export async function plainStage(name: "restore" | "poison" | "plot", workspace: string): Promise<Measurement> {
  return measurement(name, "ours", await measure(stage(name), workspace));
}

/** `dvc exp run` at a poison level where the features are in the cache. */
export async function experiment(workspace: string, poison: number): Promise<Measurement> {
  const usage = await measure([program("dvc"), "exp", "run", "-S", `poison=${poison}`], workspace);
  return measurement("experiment", "ours", usage, progressOf(usage));
}
