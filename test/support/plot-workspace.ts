import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { TestContext } from "node:test";
import sharp from "sharp";
import { studyParams } from "../../tools/study-params.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export const HISTORY = [
  { epoch: 1, loss: 0.57, accuracy: 0.76, val_loss: 0.55, val_accuracy: 0.25 },
  { epoch: 2, loss: 0.37, accuracy: 0.84, val_loss: 0.45, val_accuracy: 0.75 },
  { epoch: 3, loss: 0.28, accuracy: 0.9, val_loss: 0.47, val_accuracy: 0.5 },
];

/** 2 of 20 training labels swapped, 4 validation images of which 2 are classified wrongly. */
const METRICS = {
  loss: 0.28,
  accuracy: 0.9,
  val_loss: 0.47,
  val_accuracy: 0.5,
  best_epoch: 2,
  generalization_gap: 0.4,
  poison: 10,
  poisoned_images: 2,
  dataset: { name: "cats-dogs", classes: 2, train_images: 20, validation_images: 4 },
  backend: "tensorflow",
};
const others = (animal: string) =>
  Array.from({ length: 9 }, (_, i) => `train/${animal}s/${animal}.${i + 2}.jpg,train,${animal}s,${animal}s\n`).join("");
export const LABELS = `image,split,label,true_label
train/cats/cat.1.jpg,train,dogs,cats
${others("cat")}train/dogs/dog.1.jpg,train,cats,dogs
${others("dog")}validation/cats/cat.8.jpg,validation,cats,cats
validation/cats/cat.9.jpg,validation,cats,cats
validation/dogs/dog.8.jpg,validation,dogs,dogs
validation/dogs/dog.9.jpg,validation,dogs,dogs
`;
export const PREDICTIONS = [
  { image: "validation/cats/cat.9.jpg", label: "cats", predicted: "dogs", probability: 0.6 },
  { image: "validation/cats/cat.8.jpg", label: "cats", predicted: "cats", probability: 0.1 },
  { image: "validation/dogs/dog.9.jpg", label: "dogs", predicted: "cats", probability: 0.1 },
  { image: "validation/dogs/dog.8.jpg", label: "dogs", predicted: "dogs", probability: 0.9 },
];

/** A plain image in one colour. */
export const plain = (background: string) =>
  sharp({ create: { width: 40, height: 40, channels: 3, background } })
    .jpeg({ quality: 95 })
    .toBuffer();

/**
 * A folder where the plot program runs: a training's record, its labels and predictions, and the images that they name.
 * @param files to write beside those, or instead of them.
 */
export async function plotWorkspace(
  t: TestContext,
  files: Record<string, string | Buffer> = {},
  metrics: Record<string, unknown> = {},
) {
  const folder = temporaryFolder(t);
  const contents: Record<string, string | Buffer> = {
    "in/history.json": JSON.stringify(HISTORY),
    "in/train.json": JSON.stringify({ ...METRICS, ...metrics }),
    "in/labels.csv": LABELS,
    "in/predictions.json": JSON.stringify(PREDICTIONS),
    "in/images/train/cats/cat.1.jpg": await plain("red"),
    "in/images/train/dogs/dog.1.jpg": await plain("blue"),
    "in/images/validation/cats/cat.9.jpg": await plain("lime"),
    "in/images/validation/dogs/dog.9.jpg": await plain("magenta"),
    ...files,
  };
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  writeFileSync(join(folder, "params.yaml"), studyParams());
  copyFileSync("stages.lock.json", join(folder, "stages.lock.json"));
  const paths = {
    history: "in/history.json",
    metrics: "in/train.json",
    labels: "in/labels.csv",
    predictions: "in/predictions.json",
    images: "in/images",
    png: "out/t.png",
    jpg: "out/t.jpg",
    poisoned: "out/poisoned.jpg",
    wrong: "out/wrong.jpg",
  };
  const program = ["--import", import.meta.resolve("tsx"), resolve("stages/plot.ts")];
  return {
    folder,
    read: (name: string) => readFileSync(join(folder, name)),
    list: (name: string) => (existsSync(join(folder, name)) ? readdirSync(join(folder, name)).sort() : []),
    plot(args: string[] = [], env: NodeJS.ProcessEnv = {}) {
      const all = [...program, ...Object.entries(paths).flatMap(([flag, path]) => [`--${flag}`, path]), ...args];
      const { status, stderr } = spawnSync(process.execPath, all, {
        cwd: folder,
        env: { ...process.env, ...env },
        encoding: "utf8",
      });
      return { code: status, stderr };
    },
  };
}
