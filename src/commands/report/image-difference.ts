import { openCache } from "../../dvc/cache.ts";
import type { FolderEntry } from "../../dvc/folder-digest.ts";
import { digestOf } from "../../dvc/lock.ts";
import { cacheFolder } from "../../dvc/run-dvc.ts";
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
  if (old && current) return differenceOf(old, current);
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

/** @returns nothing for a folder whose list is not in the cache. */
async function listsOf(digests: readonly (string | undefined)[]): Promise<(FolderEntry[] | undefined)[]> {
  try {
    const cache = openCache(await cacheFolder());
    return await Promise.all(digests.map((digest) => (digest?.endsWith(".dir") ? cache.folder(digest) : undefined)));
  } catch (error) {
    if (error instanceof StageError) return []; // no DVC, or a list that is none
    throw error;
  }
}

function haveSameNames(base: Side, head: Side): boolean {
  const [before, now] = [base, head].map(({ predictions }) => predictions?.map(({ image }) => image).sort());
  return before === undefined || now === undefined || before.join("\n") === now.join("\n");
}
