import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { SPLITS } from "../records/format/image-folder.ts";
import { StageError } from "../runtime/errors.ts";
import { oneLine } from "../runtime/printable.mjs";

/** How many single folders may lie around the splits: `cats-dogs.zip` may hold `cats-dogs/data/train/…`. */
export const TOP_FOLDERS = 2;

/** Folders that are no part of a data set: hidden ones and what macOS adds to archives. */
export const ignoredFolder = (name: string): boolean => name.startsWith(".") || name === "__MACOSX";

/**
 * Finds the folder that holds `train` and `validation`: `folder` itself or what lies in it under single folders.
 * @param shown what to call `folder` in messages.
 * @throws StageError when a split is missing.
 */
export async function findSplits(folder: string, shown: string): Promise<string> {
  let place = folder;
  let found: string[] = [];
  for (let depth = 0; depth <= TOP_FOLDERS; depth++) {
    const entries = await readdir(place, { withFileTypes: true });
    found = entries.filter((entry) => !entry.isFile() && !ignoredFolder(entry.name)).map((entry) => entry.name);
    if (found.some((name) => SPLITS.includes(name as never)) || found.length !== 1) break;
    place = join(place, found[0] as string);
  }
  const missing = SPLITS.filter((split) => !found.includes(split));
  if (missing.length === 0) return place;
  const present =
    found.length > 0
      ? `; the folders there are ${found
          .sort()
          .slice(0, 10)
          .map((name) => oneLine(name))
          .join(", ")}`
      : "";
  throw new StageError(`${shown}: found no folder ${missing.join(" and no folder ")}${present}.`, {
    hint: "Lay the images out as train/CLASS/* and validation/CLASS/*, with a folder for each class.",
  });
}
