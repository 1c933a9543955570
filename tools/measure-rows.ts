/*
 * Measures poison and train-top on many rows of made-up pooled features: node --import tsx tools/measure-rows.ts [ROWS]
 * Two classes that overlap, 512 values a row, nine rows of ten for training; no image lies behind them.
 */
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type { TestContext } from "node:test";
import { Random } from "../src/numbers/random.ts";
import { createFeatures } from "../src/records/features/features.ts";
import { SHARD_COLUMNS, SHARD_TABLE, shardName } from "../src/records/format/image-shards.ts";
import { type Dataset, writeDataset } from "../src/records/images/dataset.ts";
import { createProject, setParams } from "../test/support/project.ts";

const WIDTH = 512;
const BLOCK_ROWS = 1000;
const rows = Number(process.argv[2] ?? 1_000_000);
const ends: (() => unknown)[] = [];
const project = createProject({ after: (end: () => unknown) => void ends.unshift(end) } as unknown as TestContext);

/** `SPLIT/CLASS/NAME` of every row, in the order of all tables. */
function imagesOf(count: number): string[] {
  const perClass = { train: Math.round(count * 0.45), validation: Math.round(count * 0.05) };
  return (["train", "validation"] as const).flatMap((split) =>
    ["cats", "dogs"].flatMap((label) =>
      Array.from({ length: perClass[split] }, (_, i) => `${split}/${label}/${String(i).padStart(7, "0")}.jpg`),
    ),
  );
}

/** Writes the tables of a data set whose tars are not there: poison reads the names alone. */
async function writeData(images: readonly string[]): Promise<void> {
  const [folder, features] = ["data/images", "data/bottleneck"].map((path) => join(project.folder, path));
  for (const path of [folder, features]) mkdirSync(path as string, { recursive: true });
  const table = createWriteStream(join(folder as string, SHARD_TABLE));
  table.write(`${SHARD_COLUMNS.join()}\n`);
  for (const [i, image] of images.entries()) table.write(`${image},${shardName(0)},${512 + 1024 * i},512\n`);
  await finished(table.end());
  const count = (prefix: string) => images.filter((image) => image.startsWith(prefix)).length;
  const counts = (split: string) => ({ cats: count(`${split}/cats/`), dogs: count(`${split}/dogs/`) });
  const dataset: Dataset = {
    name: "made-up",
    source: "generated",
    classes: ["cats", "dogs"],
    images: { train: counts("train"), validation: counts("validation") },
    digest: "0".repeat(64),
  };
  await writeDataset(folder as string, dataset);
  const random = new Random(1);
  await using writer = await createFeatures(features as string, images, [1, 1, WIDTH], 10_000);
  for (let from = 0; from < images.length; from += BLOCK_ROWS) {
    const block = images.slice(from, from + BLOCK_ROWS);
    const values = new Float32Array(block.length * WIDTH);
    for (const [row, image] of block.entries()) {
      const shift = image.includes("/cats/") ? 0.05 : -0.05;
      for (let i = 0; i < WIDTH; i++) values[row * WIDTH + i] = Math.max(0, random.normal() + (i % 2 ? shift : -shift));
    }
    await writer.append(values);
  }
  await writer.close({
    base: "vgg16",
    image: { size: 150, resize: "nearest", preprocess: "rescale" },
    pool: "avg",
    dataset,
    backend: "made-up",
  });
}

/** Runs a stage. @returns seconds, and the most memory it had in MiB. */
async function run(args: readonly string[]): Promise<{ wall_s: number; mib: number }> {
  const began = Date.now();
  const child = spawn("node", ["dvc-poison.mjs", ...args], { cwd: project.folder, env: project.env, stdio: "inherit" });
  let most = 0;
  const look = setInterval(() => {
    try {
      const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
      most = Math.max(most, Number(kib ?? 0) / 1024);
    } catch {} // it has ended meanwhile
  }, 200);
  const code = await new Promise((end) => child.once("close", end));
  clearInterval(look);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return { wall_s: (Date.now() - began) / 1000, mib: Math.round(most) };
}

try {
  await writeData(imagesOf(rows));
  setParams(project, ["poison=7.5", "features.pool=avg", "train.epochs=3", "train.batch_size=1000"]);
  for (const stage of ["poison", "train-top"]) console.log(stage, JSON.stringify(await run([stage])));
} finally {
  for (const end of ends) await end();
  process.exit();
}
