/*
 * The golden run: a tiny pipeline through the real stage programs, whose outputs' digests are committed. Whoever changes one renews
 * them and says so in the CHANGELOG: in a project of a user's, the same change makes dvc.lock differ.
 *   node --import tsx tools/golden-run.ts
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { describeFolder } from "../src/dvc/folder-digest.ts";
import { fileMd5 } from "../src/dvc/md5.ts";
import { Random } from "../src/numbers/random.ts";
import { loadCanvas } from "../src/plots/canvas.ts";
import { createFeatures } from "../src/records/features/features.ts";
import { listImages } from "../src/records/format/image-folder.ts";
import { readDataset } from "../src/records/images/dataset.ts";
import { copyProject } from "./copy-project.ts";
import { studyParams } from "./study-params.ts";

/** Where the digests are kept, and the features that training begins from. */
export const GOLDEN = "test/golden/run.json";
const FEATURES = "test/golden/features";

/** Few drawn images, a quarter of them poisoned, and a network input whose features are one cell of 512 channels. */
const PARAMS = {
  poison: 25,
  "data.source": "generated",
  "data.train_per_class": 12,
  "data.validation_per_class": 4,
  "image.size": 32,
  "train.epochs": 3,
  "train.batch_size": 5,
  "train.hidden_units": 24,
};

/** The stages that run; the network's features are committed instead, since they take its weights. */
const STAGES = ["restore", "poison", "train-top", "plot"];

/** What a run came to. */
export interface GoldenRun {
  /** Versions of the libraries of the system that draw: other ones draw other pixels. */
  drawing: Record<string, string>;
  /** DVC's digest of each declared output, by its path. */
  outputs: Record<string, string>;
}

/** Runs the tiny pipeline in a temporary folder. @param mlflow variables that make it log. @throws Error with what a stage printed. */
export async function goldenRun(mlflow: Record<string, string> = {}): Promise<GoldenRun> {
  const folder = mkdtempSync(join(tmpdir(), "golden-run-"));
  try {
    copyProject(folder);
    writeFileSync(join(folder, "params.yaml"), studyParams(PARAMS));
    mkdirSync(join(folder, "data"));
    cpSync(FEATURES, join(folder, "data/bottleneck"), { recursive: true });
    const { MLFLOW_TRACKING_URI, ...env } = process.env;
    for (const stage of STAGES) {
      const options = { cwd: folder, stdio: "pipe", env: { ...env, ...mlflow, POISON_DEVICE: "cpu" } } as const;
      execFileSync(process.execPath, ["dvc-poison.mjs", stage], options);
    }
    return { drawing: drawingVersions(), outputs: await digestsIn(folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function digestsIn(folder: string): Promise<Record<string, string>> {
  const { stages } = parse(readFileSync("dvc.yaml", "utf8")) as { stages: Record<string, Record<string, unknown[]>> };
  const outputs = STAGES.flatMap((stage) => [...(stages[stage]?.outs ?? []), ...(stages[stage]?.metrics ?? [])]);
  const paths = outputs.map((entry) =>
    typeof entry === "string" ? entry : (Object.keys(entry as object)[0] as string),
  );
  const digest = async (path: string) =>
    statSync(path).isDirectory() ? (await describeFolder(path)).md5 : fileMd5(path);
  return Object.fromEntries(
    await Promise.all(paths.sort().map(async (path) => [path, await digest(join(folder, path))])),
  );
}

/** Of node-canvas, which is compiled against what the system has. */
export function drawingVersions(): Record<string, string> {
  const { cairoVersion, freetypeVersion, jpegVersion, pangoVersion } = loadCanvas();
  return { cairo: cairoVersion, freetype: freetypeVersion, jpeg: jpegVersion, pango: pangoVersion };
}

/** Writes the features: of each class around a center of its own, mostly zeros as real ones. */
async function writeFeatures(images: string): Promise<void> {
  rmSync(FEATURES, { recursive: true, force: true });
  mkdirSync(FEATURES, { recursive: true });
  const image = { size: PARAMS["image.size"], resize: "nearest", preprocess: "rescale" } as const;
  const all = await listImages(images);
  const writer = await createFeatures(
    FEATURES,
    all.map(({ image }) => image),
    [1, 1, 512],
  );
  for (const { image, label } of all) {
    const [center, random] = [new Random(1, "center", label), new Random(1, "features", image)];
    await writer.append(
      Float32Array.from({ length: 512 }, () => Math.max(0, center.normal() * 0.4 + random.normal() * 0.8 - 0.5)),
    );
  }
  await writer.close({ base: "vgg16", image, dataset: await readDataset(images), backend: "made up" });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  if (process.argv[2]) await writeFeatures(process.argv[2]);
  else writeFileSync(GOLDEN, `${JSON.stringify(await goldenRun(), null, 2)}\n`);
}
