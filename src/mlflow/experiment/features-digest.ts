import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type FolderEntry, folderMd5 } from "../../dvc/folder-digest.ts";
import { md5 } from "../../dvc/md5.ts";
import { parseJson } from "../../runtime/parse-json.ts";

/** The file of the features' folder that says what they were computed from. */
export const METADATA = "bottleneck_features.json";

type Keys = { [key: string]: true | Keys };

/** The keys that version 0.1.0 wrote into it. */
const FORMER: Keys = {
  base: true,
  image: { size: true, resize: true, preprocess: true },
  dataset: { name: true, source: true, licence: true, credit: true, classes: true, images: true, digest: true },
};

/** Keys that have another name since. */
const RENAMED = new Map([["license", "licence"]]);

/**
 * The digest by which an experiment knows its features: DVC's digest of the folder as version 0.1.0 would have written it. What the
 * metadata tell since then (the device, say) changes no feature, and so makes no other experiment of an old one.
 * @param entries the folder's files. @param metadata where the metadata lie; without them it is DVC's digest of what there is.
 */
export async function featuresDigest(entries: readonly FolderEntry[], metadata: string | undefined): Promise<string> {
  const text = metadata && (await readFile(metadata, "utf8").catch(() => undefined));
  const former = text ? formerMetadata(text) : undefined;
  if (former === undefined) return folderMd5(entries);
  return folderMd5(entries.map((entry) => (entry.relpath === METADATA ? { ...entry, md5: md5(former) } : entry)));
}

/** The metadata as version 0.1.0 wrote them; nothing when they hold no more than it did. */
function formerMetadata(text: string): string | undefined {
  const value = parseJson(z.record(z.string(), z.unknown()), text);
  if (value === undefined) return undefined;
  const former = pick(value, FORMER);
  return JSON.stringify(former) === JSON.stringify(value) ? undefined : `${JSON.stringify(former, null, 2)}\n`;
}

/** What of a mapping has one of these keys, by the names of then, in its own order. */
function pick(value: Record<string, unknown>, keys: Keys): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, part]) => [RENAMED.get(key) ?? key, part] as const)
      .filter(([key]) => Object.hasOwn(keys, key))
      .map(([key, part]) => {
        const below = keys[key];
        const nested = typeof below === "object" && typeof part === "object" && part !== null;
        return [key, nested ? pick(part as Record<string, unknown>, below) : part];
      }),
  );
}
