import { type Cache, openCache } from "../../dvc/cache.ts";
import type { FolderEntry } from "../../dvc/folder-digest.ts";
import { digestOf } from "../../dvc/lock.ts";
import { cacheFolder } from "../../dvc/run-dvc.ts";
import { readShardTable, SHARD_TABLE } from "../../records/format/image-shards.ts";
import { StageError } from "../../runtime/errors.ts";
import type { RevisionResults } from "./revision-results.ts";

/**
 * Which images differ between two revisions: `training` when those alone do, `validation` when those do, `unknown` when it cannot be told
 * which, since DVC's cache lacks the list of one side.
 */
export type ImageDifference = "none" | "training" | "validation" | "unknown";

/** Whether both sides were validated on the same images, so that their accuracies can be compared. */
export const isComparable = (difference: ImageDifference): boolean =>
  difference === "none" || difference === "training";

type Side = Pick<RevisionResults, "lock" | "paths" | "predictions">;

/** Compares the images of two revisions, by their digests in dvc.lock and by DVC's lists of the files behind these. */
export async function compareImages(base: Side, head: Side): Promise<ImageDifference> {
  const [before, now] = [base, head].map(({ lock, paths }) => digestOf(lock, paths.images));
  if (before === now) return "none";
  const [old, current] = await listsOf([before, now]);
  if (old && current && old.tars === current.tars) return differenceOf(old.files, current.files);
  return haveSameNames(base, head) ? "unknown" : "validation";
}

/** By the content of the files below `train/` and `validation/`; what lies beside them, dataset.json, is no image. */
export function differenceOf(base: readonly FolderEntry[], head: readonly FolderEntry[]): ImageDifference {
  const differs = (split: string) => {
    const lines = [base, head].map((files) =>
      files.flatMap(({ relpath, md5 }) => (relpath.startsWith(`${split}/`) ? `${md5} ${relpath}` : [])),
    );
    const [before, now] = lines.map((list) => list.sort().join("\n"));
    return before !== now;
  };
  if (differs("validation")) return "validation";
  return differs("train") ? "training" : "none";
}

/** The images of a data set, each with the MD5 of the file that holds it: its own, or that of its tar. */
interface Images {
  tars: boolean;
  files: FolderEntry[];
}

/** @returns nothing for a folder whose list is not in the cache. */
async function listsOf(digests: readonly (string | undefined)[]): Promise<(Images | undefined)[]> {
  try {
    const cache = openCache(await cacheFolder());
    return await Promise.all(digests.map((digest) => (digest?.endsWith(".dir") ? imagesOf(cache, digest) : undefined)));
  } catch (error) {
    if (error instanceof StageError) return []; // no DVC, or a list that is none
    throw error;
  }
}

/** What a data set's folder holds, by DVC's list of it. @returns nothing for one that is not in the cache. */
export async function imagesOf(cache: Cache, digest: string): Promise<Images | undefined> {
  const files = await cache.folder(digest);
  const table = files?.find(({ relpath }) => relpath === SHARD_TABLE);
  if (files === undefined || table === undefined) return files && { tars: false, files };
  const place = await cache.object(table.md5);
  if (place === undefined) return undefined;
  const { images, shard, shards } = await readShardTable(place);
  const tars = new Map(files.map(({ relpath, md5 }) => [relpath, md5]));
  const digests = shards.map((name) => tars.get(name) ?? "");
  return { tars: true, files: images.map((relpath, i) => ({ relpath, md5: digests[shard[i] as number] as string })) };
}

function haveSameNames(base: Side, head: Side): boolean {
  const [before, now] = [base, head].map(({ predictions }) => predictions?.map(({ image }) => image).sort());
  return before === undefined || now === undefined || before.join("\n") === now.join("\n");
}
