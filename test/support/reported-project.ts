import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { createProject, type Project, setParams } from "./project.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** The project's own poison stage between one that makes image files (of nothing) and one that makes results up. */
const PIPELINE = `stages:
  restore:
    cmd: node stages/images.mjs --out data/images
    deps: [stages/images.mjs]
    outs: [data/images]
  poison:
    cmd: >-
      node --import tsx stages/poison.ts --images data/images --metrics data/labels.json --out data/labels.csv
    deps: [data/images]
    params: [poison, seed]
    outs: [data/labels.csv]
  train-top:
    cmd: >-
      node stages/results.mjs --labels data/labels.csv --metrics metrics/train.json --history plots/history.json
      --predictions plots/predictions.json
    deps: [data/labels.csv, stages/results.mjs]
    params: [train]
    metrics: [metrics/train.json: {cache: false}]
    plots: [plots/history.json: {cache: false}, plots/predictions.json: {cache: false}]
  plot:
    cmd: >-
      node stages/picture.mjs --metrics metrics/train.json --poisoned plots/poisoned-images.jpg --png plots/training.png
      --wrong plots/wrong-predictions.jpg
    deps: [metrics/train.json, stages/picture.mjs]
    outs: [plots/poisoned-images.jpg: {cache: false}]
`;

const IMAGES = `import { mkdirSync, writeFileSync } from "node:fs";
for (const [split, count] of [["train", 10], ["validation", 20]])
  for (const animal of ["cat", "dog"]) {
    mkdirSync(\`data/images/\${split}/\${animal}s\`, { recursive: true });
    for (let i = 1; i <= count; i++) writeFileSync(\`data/images/\${split}/\${animal}s/\${animal}.\${i}.jpg\`, "");
  }
`;

/** Of 40 validation images the clean model gets 0 to 3 wrong, the poisoned one 2 to 13. */
const RESULTS = `import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
const rows = readFileSync("data/labels.csv", "utf8").trim().split("\\n").slice(1).map((line) => line.split(","));
const train = rows.filter(([, split]) => split === "train");
const poisoned_images = train.filter(([, , label, truth]) => label !== truth).length;
const wrong = (i) => (poisoned_images > 0 ? i >= 2 && i <= 13 : i <= 3);
const predictions = rows.filter(([, split]) => split === "validation").map(([image, , label], i) => {
  const predicted = wrong(i) ? (label === "cats" ? "dogs" : "cats") : label;
  return { image, label, predicted, probability: predicted === "dogs" ? 0.9 : 0.1 };
});
const val_accuracy = predictions.filter(({ label, predicted }) => label === predicted).length / predictions.length;
const epoch = { loss: 0.25, accuracy: 0.95, val_loss: poisoned_images > 0 ? 0.75 : 0.5, val_accuracy };
const metrics = {
  ...epoch,
  best_epoch: 1,
  generalization_gap: epoch.accuracy - val_accuracy,
  backend: "made up",
  poison: (100 * poisoned_images) / train.length,
  poisoned_images,
  dataset: { name: "pets | few", classes: 2, train_images: train.length, validation_images: predictions.length },
};
mkdirSync("metrics", { recursive: true });
mkdirSync("plots", { recursive: true });
writeFileSync("metrics/train.json", JSON.stringify(metrics));
writeFileSync("plots/history.json", JSON.stringify([{ epoch: 1, ...epoch }]));
writeFileSync("plots/predictions.json", JSON.stringify(predictions));
`;

const PICTURE = `import { readFileSync, writeFileSync } from "node:fs";
const { poisoned_images } = JSON.parse(readFileSync("metrics/train.json", "utf8"));
writeFileSync("plots/poisoned-images.jpg", \`a picture of \${poisoned_images}\`);
`;

/** A repository that a report is made in. */
export interface ReportedProject {
  folder: string;
  /** Runs a command there; an exit code other than 0 is an error. */
  must(command: string, ...args: string[]): string;
  report(...args: string[]): Ending;
  read(file: string): string;
}

/** What the report program printed, and its exit code. */
export interface Ending {
  code: number | null;
  stdout: string;
  stderr: string;
}

let original: Project | undefined;

/** A git repository whose branch main holds the results of a clean training, with its labels in DVC's cache. */
export function reportedProject(t: TestContext): ReportedProject {
  original ??= createOriginal();
  const { env } = original;
  const folder = temporaryFolder(t);
  cpSync(original.folder, folder, { recursive: true, verbatimSymlinks: true });
  const run = (command: string, args: readonly string[]) =>
    spawnSync(command, args, { cwd: folder, env, encoding: "utf8" });
  const program = ["--import", import.meta.resolve("tsx"), resolve("src/commands/report.ts")];
  return {
    folder,
    read: (file) => readFileSync(join(folder, file), "utf8"),
    must(command, ...args) {
      const { status, stdout, stderr } = run(command, args);
      if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
      return stdout;
    },
    report(...args) {
      const { status, stdout, stderr } = run(process.execPath, [...program, ...args]);
      return { code: status, stdout, stderr };
    },
  };
}

/** Made once for all tests of a file: DVC takes its time. */
function createOriginal(): Project {
  const project = createProject({
    after: (remove: () => void) => process.on("exit", remove),
  } as unknown as TestContext);
  for (const [file, text] of Object.entries({
    "dvc.yaml": PIPELINE,
    "stages/images.mjs": IMAGES,
    "stages/results.mjs": RESULTS,
    "stages/picture.mjs": PICTURE,
  }))
    writeFileSync(join(project.folder, file), text);
  project.must("dvc", "repro", "--quiet");
  commitAll(project, "Train on clean labels");
  return project;
}

/** Sets the level and runs the pipeline, without a commit. */
export function poisonTo(project: ReportedProject, level: number): void {
  setParams(project, [`poison=${level}`]);
  project.must("dvc", "repro", "--quiet");
}

export function commitAll(project: Pick<ReportedProject, "must">, message: string): void {
  project.must("git", "add", "--all");
  project.must("git", "commit", "--quiet", "--message", message);
}

/** Empties DVC's cache: what a fresh clone without a remote has. */
export const emptyCache = ({ folder }: ReportedProject): void =>
  rmSync(join(folder, ".dvc/cache"), { recursive: true, force: true });
