import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { copyFile, link } from "node:fs/promises";
import { join } from "node:path";
import { countSplits } from "../../records/features/features.ts";
import { partName, writeIndex } from "../../records/features/features-index.ts";
import type { FeatureMetadata } from "../../records/features/features-metadata.ts";
import { npyHeader } from "../../records/features/npy.ts";
import { splitDigests } from "../../records/features/split-digests.ts";
import { logOf } from "../../runners/round.ts";
import { runners, settle } from "../../runners/runners.ts";
import { type RunnerSettings, runnerSettings } from "../../runners/settings.ts";
import { scratchesOf } from "../../runtime/atomic-write.ts";
import { StageError } from "../../runtime/errors.ts";
import { startProgress } from "../../runtime/progress.ts";
import { say, warn } from "../../runtime/say.ts";
import { planShards, type Recipe } from "./plan.ts";
import { digestFile, type Shard, type ShardResult } from "./shard.ts";

/** How often what is missing is handed out: a worker may be killed, a machine may fail. */
const ROUNDS = 3;

/** Milliseconds between two looks at how far the workers are. */
const POLL_MS = 1000;

/** What to extract, and where. */
export interface ShardedExtraction {
  recipe: Recipe;
  /** Paths from the recipe's root, the training split's first. */
  images: readonly string[];
  /** Images of each shard but the last. */
  size: number;
  /** Digest of the network's weights. */
  weights: string;
  /** Shape of one row. */
  rowShape: readonly number[];
  /** Where shards are made; it stays if this is ended, and what it holds is used next time. */
  work: string;
  /** The folder of features, which is there. */
  out: string;
  metadata: Omit<FeatureMetadata, "backend">;
}

/**
 * Makes features shard by shard, each by a process of its own, wherever `POISON_RUNNER` has it run. What lies in the work folder from an earlier
 * call is used; only what is missing is handed out. The bytes do not depend on who makes what, nor on when.
 * @throws StageError when an image cannot be decoded, workers differ in what they compute with, or a shard cannot be had in three rounds.
 */
export async function extractShards(extraction: ShardedExtraction, settings = runnerSettings()): Promise<void> {
  const { images, recipe, size, weights, work, out } = extraction;
  const shards = await planShards(images, recipe, { size, weights, folder: work });
  await settle(settings.runner, work);
  const here = shards.filter((shard) => shard.made()).length;
  if (here > 0) say(`extract-bottleneck: ${here} of ${shards.length} shards are there already`);
  for (let round = 1; ; round++) {
    await handOut(shards, extraction, settings, round);
    const made = shards.map((shard) => shard.made());
    if (!made.includes(undefined) && (await collect(shards, made as ShardResult[], extraction))) break;
    if (round === ROUNDS) throw lost(shards, work);
  }
  for (const [number, shard] of shards.entries()) await place(shard.rows(), join(out, partName(number)));
  rmSync(work, { recursive: true, force: true });
}

/** Hands out what is missing, and shows how far it is. @throws StageError what a worker found that no other could mend. */
async function handOut(
  shards: readonly Shard[],
  { images, size, rowShape, work }: ShardedExtraction,
  { runner, ...settings }: RunnerSettings,
  round: number,
): Promise<void> {
  const missing = shards.filter((shard) => !shard.made());
  if (missing.length === 0) return;
  if (round > 1) warn(`extract-bottleneck: ${missing.length} of ${shards.length} shards are missing: round ${round}`);
  for (const shard of missing) rmSync(shard.failure(), { force: true });
  const rowBytes = 4 * rowShape.reduce((a, b) => a * b, 1);
  const rowsOf = (shard: Shard) => Math.min(size, images.length - size * shards.indexOf(shard));
  const total = missing.reduce((sum, shard) => sum + rowsOf(shard), 0);
  const progress = startProgress("extract-bottleneck", total, "images");
  let shown = 0;
  const look = setInterval(() => {
    const done = missing.reduce((sum, shard) => sum + Math.min(rowsOf(shard), rowsIn(shard, rowBytes)), 0);
    progress.advance(Math.max(0, done - shown));
    shown = Math.max(shown, done);
  }, POLL_MS);
  try {
    const tasks = missing.map(({ folder, key }) => ({ folder, key }));
    await runners[runner]({ name: "extract-bottleneck", program: "extract-shard", tasks, folder: work }, settings);
  } finally {
    clearInterval(look);
  }
  const failed = missing.map((shard) => shard.failed()).find((failure) => failure !== undefined);
  if (failed) throw new StageError(failed.message, { ...(failed.hint !== undefined && { hint: failed.hint }) });
  if (!missing.every((shard) => shard.made())) return;
  progress.advance(total - shown);
  progress.end();
}

/** Rows of a shard that are written, whole or not yet. */
function rowsIn(shard: Shard, rowBytes: number): number {
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const files = [shard.rows(), ...scratchesOf(shard.rows()).map((folder) => join(folder, `${shard.key}.npy`))];
  return Math.floor(Math.max(...files.map(sizeOf)) / rowBytes);
}

/** Looks at every shard's bytes and writes the index. @returns false when one is damaged: it is forgotten. */
async function collect(
  shards: readonly Shard[],
  results: readonly ShardResult[],
  { images, rowShape, metadata, out, work }: ShardedExtraction,
): Promise<boolean> {
  const digests = splitDigests(countSplits(images), rowShape);
  const parts = results.map(({ rows, sha256 }, number) => ({ file: partName(number), rows, sha256 }));
  for (const [number, shard] of shards.entries()) {
    const { rows, sha256, rowShape: found } = results[number] as ShardResult;
    const header = npyHeader([rows, ...rowShape]).length;
    const digest = await digestFile(shard.rows(), header, (bytes) => digests.update(bytes));
    if (digest === sha256 && found.join() === rowShape.join()) continue;
    warn(`extract-bottleneck: ${shard.rows()} is damaged: it is made again`);
    shard.discard();
    return false;
  }
  const backends = [...new Set(results.map(({ backend }) => backend))];
  if (backends.length > 1) {
    throw new StageError(`the shards were computed by ${backends.sort().join(" and by ")}: their bytes differ.`, {
      hint: `Have all workers compute with one of them: set POISON_DEVICE, or choose machines by POISON_RUNNER_ARGS; then remove ${work}.`,
    });
  }
  const [backend] = backends;
  await writeIndex(out, {
    ...metadata,
    ...(backend !== undefined && { backend }),
    dtype: "<f4",
    shape: [images.length, ...rowShape],
    md5: digests.digest(),
    parts,
    images: [...images],
  });
  return true;
}

/** Puts a shard into the output: the same file under another name where the file system can do that. */
async function place(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

/** What is said when shards are still missing after the last round: how many, and what the first one's worker said last. */
function lost(shards: readonly Shard[], work: string): StageError {
  const missing = shards.filter((shard) => !shard.made());
  const log = missing.map((_, number) => logOf(work, number)).find(existsSync);
  const words = log === undefined ? "" : readFileSync(log, "utf8").trim().split("\n").slice(-3).join("\n");
  return new StageError(
    `${missing.length} of ${shards.length} shards could not be had in ${ROUNDS} rounds.${words && ` A worker's last words:\n${words}`}`,
    { hint: `What was made is kept, and used next time. What workers said: ${work}` },
  );
}
