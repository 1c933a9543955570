import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { poisonLabels } from "../../../src/attacks/random.ts";
import { Random } from "../../../src/numbers/random.ts";
import { createFeatures } from "../../../src/records/features/features.ts";
import { writeLabels } from "../../../src/records/labels/labels.ts";
import { studyParams } from "../../../tools/study-params.ts";
import { setParams } from "../project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** How a program ended, and all it printed. */
export interface Outcome {
  code: number | null;
  output: string;
  seconds: number;
}

/** A program under way. */
export interface Running {
  child: ChildProcess;
  /** Resolves when the program has printed this. */
  printed(text: string): Promise<void>;
  ended: Promise<Outcome>;
}

/** A folder in which train-top and plot run on small made-up features, two classes of 20 + 8 images. */
export interface Experiment {
  folder: string;
  start(args: string[], env?: NodeJS.ProcessEnv): Running;
  trainTop(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Outcome>;
  plot(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Outcome>;
  sync(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Outcome>;
  /** Names of the journals in the spool. */
  spooled(): string[];
  read(file: string): string;
}

const ROW = [1, 1, 512]; // of 32 px
const COUNTS = { train: 20, validation: 8 };

/** Makes the folder. @param epochs of the training: 40 take about a second. */
export async function createExperiment(t: TestContext, { epochs = 3 } = {}): Promise<Experiment> {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "params.yaml"), studyParams());
  for (const item of ["dvc.yaml", "stages.lock.json"]) cpSync(item, join(folder, item));
  for (const item of ["src", "stages", "scripts", "node_modules"]) symlinkSync(resolve(item), join(folder, item));
  setParams({ folder }, [`train.epochs=${epochs}`, "train.batch_size=4", "train.hidden_units=8", "poison=10"]);
  await writeInputs(folder);
  const start: Experiment["start"] = (args, env = {}) => run(t, folder, args, env);
  const stage = (name: string) => (env: NodeJS.ProcessEnv, args: string[]) =>
    start([`stages/${name}.ts`, ...args], env).ended;
  return {
    folder,
    start,
    trainTop: (env, ...args) => stage("train-top")(env, args),
    plot: (env, ...args) => stage("plot")(env, args),
    sync: (env, ...args) => start(["src/commands/mlflow-sync.ts", ...args], env).ended,
    spooled: () => {
      try {
        return readdirSync(join(folder, ".mlflow/spool")).sort();
      } catch {
        return [];
      }
    },
    read: (file) => readFileSync(join(folder, file), "utf8"),
  };
}

/** Writes label table and features, the same ones each time. */
export async function writeInputs(folder: string): Promise<void> {
  const classes = ["cats", "dogs"];
  const entries = (["train", "validation"] as const).flatMap((split) =>
    classes.flatMap((label) =>
      Array.from({ length: COUNTS[split] }, (_, i) => ({ image: `${split}/${label}/${i}.jpg`, split, label })),
    ),
  );
  mkdirSync(join(folder, "data/bottleneck"), { recursive: true });
  await writeLabels(join(folder, "data/labels.csv"), poisonLabels(entries, 10, 1));
  const random = new Random(5);
  const length = ROW.reduce((a, b) => a * b);
  const writer = await createFeatures(
    join(folder, "data/bottleneck"),
    entries.map(({ image }) => image),
    ROW,
  );
  for (const { label } of entries) {
    const mean = label === "dogs" ? 0.5 : 0;
    await writer.append(Float32Array.from({ length }, () => mean + random.normal()));
  }
  const images = (count: number) => ({ cats: count, dogs: count });
  await writer.close({
    base: "vgg16",
    image: { size: 32, resize: "nearest", preprocess: "rescale" },
    dataset: {
      name: "made-up",
      source: "generated",
      classes,
      images: { train: images(COUNTS.train), validation: images(COUNTS.validation) },
      digest: "ab".repeat(32),
    },
  });
}

/** Variables of the surroundings that would change what is tested. */
const FOREIGN = /^(MLFLOW_|DVC_|NODE_TEST_CONTEXT|POISON_)/;

function run(t: TestContext, cwd: string, args: string[], env: NodeJS.ProcessEnv): Running {
  const surroundings = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  const began = performance.now();
  const child = spawn(process.execPath, ["--import", "tsx", ...args], {
    cwd,
    env: { ...surroundings, POISON_DEVICE: "cpu", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  let output = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
      for (const check of waiting) check();
    });
  }
  const ended = new Promise<Outcome>((resolve) => {
    child.once("close", (code) => resolve({ code, output, seconds: (performance.now() - began) / 1000 }));
  });
  return {
    child,
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const check = () => output.includes(text) && resolve();
        waiting.add(check);
        check();
        ended.then(() => reject(new Error(`ended without printing "${text}":\n${output}`)));
      }),
  };
}

/** Replaces a file of the experiment. */
export const write = (experiment: Experiment, file: string, text: string): void =>
  writeFileSync(join(experiment.folder, file), text);

/** What a program has printed that ended well. */
export function fine({ code, output }: Outcome): string {
  assert.equal(code, 0, output);
  return output;
}
