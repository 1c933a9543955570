import { join } from "node:path";
import { program, root } from "../../scripts/setup/paths.mjs";
import { answerOf, measure, progressOf, type Usage } from "./measure.ts";
import { stage } from "./workspace.ts";

/** Who is measured: the Keras original and ours, each also as on a processor with AVX2 alone; ours in WebAssembly; ONNX Runtime. */
export type Contender = "keras" | "keras avx2" | "ours" | "ours avx2" | "ours wasm" | "ours wasm wide" | "onnx";

/** What one program took in one round. */
export interface Measurement {
  step: "extraction" | "start-up" | "training" | "restore" | "poison" | "plot" | "experiment" | "levels";
  by: Contender;
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
  /** A Node.js with V8's joining of vectors switched on, when the other builds are to be measured. */
  wideNode: string[] | undefined;
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

/** As on a processor with AVX2 alone, where Keras does without oneDNN. */
const AVX2 = { TF_ENABLE_ONEDNN_OPTS: "0", ONEDNN_MAX_CPU_ISA: "AVX2" };

const keras =
  (by: Contender, settings: NodeJS.ProcessEnv): Program =>
  async ({ extraction, weights, size }) => {
    const args = ["extract", "data/images", weights, String(size), "data/keras"];
    const usage = await measure([...python("original.py"), ...args], extraction, settings);
    return measurement("extraction", by, usage, answerOf<Work>(usage));
  };

const ours =
  (by: Contender, device?: string, node?: (places: Places) => string[] | undefined): Program =>
  async (places) => {
    const settings = device === undefined ? {} : { POISON_DEVICE: device };
    const usage = await measure(stage("extract-bottleneck", node?.(places)), places.extraction, settings);
    return measurement("extraction", by, usage, { ...progressOf(usage), versions: buildOf(usage) });
  };

/** What computed, as the stage says it in its first line. */
const buildOf = ({ output }: Usage): string | undefined => / weights from .*?, (.*)$/m.exec(output)?.[1];

/** The network on the sample. */
export const extraction: Record<Contender, Program> = {
  keras: keras("keras", {}),
  "keras avx2": keras("keras avx2", AVX2),
  ours: ours("ours"),
  "ours avx2": ours("ours avx2", "native-avx2"),
  "ours wasm": ours("ours wasm", "wasm"),
  "ours wasm wide": ours("ours wasm wide", "wasm", ({ wideNode }) => wideNode),
  async onnx({ extraction, weights, size, onnx }) {
    const script = [...python("onnx_runtime.py"), "data/images", weights, String(size)];
    const usage = await measure(["env", `PYTHONPATH=${onnx}`, ...script], extraction);
    return measurement("extraction", "onnx", usage, answerOf<Work>(usage));
  },
};

/** The extraction of an image of each class, from the program's start to its end. */
export async function startUp(workspace: string): Promise<Measurement> {
  return measurement("start-up", "ours", await measure(stage("extract-bottleneck"), workspace));
}

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

/** All levels of poison one after the other in a repository that has no data yet: `dvc exp run` restores, extracts, then trains for each. */
export async function allLevels(workspace: string, levels: readonly number[]): Promise<Measurement> {
  let total: Usage | undefined;
  for (const level of levels) {
    const usage = await measure([program("dvc"), "exp", "run", "-S", `poison=${level}`], workspace);
    total = {
      ...usage,
      seconds: usage.seconds + (total?.seconds ?? 0),
      max_rss_mib: Math.max(usage.max_rss_mib, total?.max_rss_mib ?? 0),
    };
  }
  return measurement("levels", "ours", total as Usage);
}
