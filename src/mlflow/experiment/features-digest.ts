import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type FolderEntry, folderMd5 } from "../../dvc/folder-digest.ts";
import { md5 } from "../../dvc/md5.ts";
import { type FeatureIndex, INDEX, parseIndex } from "../../records/features/features-index.ts";
import { FORMER_METADATA } from "../../records/features/former-layout.ts";
import { SPLITS } from "../../records/format/image-folder.ts";
import { parseJson } from "../../runtime/parse-json.ts";

type Keys = { [key: string]: true | Keys };

/** The keys that version 0.1.0 wrote into the metadata. */
const FORMER: Keys = {
  base: true,
  image: { size: true, resize: true, preprocess: true },
  dataset: { name: true, source: true, licence: true, credit: true, classes: true, images: true, digest: true },
};

/** Keys that have another name since. */
const RENAMED = new Map([["license", "licence"]]);

/**
 * The digest by which an experiment knows its features: DVC's digest of the folder as version 0.1.0 would have written it. What is told
 * of them since then (the device, say), and how they are cut into parts, changes no feature, and so makes no other experiment of an old one.
 * @param entries the folder's files, of this layout or of the former one. @param open finds the content of one of them: a path, or nothing.
 */
export async function featuresDigest(
  entries: readonly FolderEntry[],
  open: (entry: FolderEntry) => Promise<string | undefined>,
): Promise<string> {
  const textOf = async (name: string) => {
    const entry = entries.find(({ relpath }) => relpath === name);
    const file = entry && (await open(entry));
    return file && (await readFile(file, "utf8").catch(() => undefined));
  };
  const text = await textOf(INDEX);
  const index = text && readable(text);
  if (index) return folderMd5(formerEntries(index, text));
  const metadata = await textOf(FORMER_METADATA);
  const former = metadata ? formerMetadata(metadata) : undefined;
  if (former === undefined) return folderMd5(entries);
  return folderMd5(
    entries.map((entry) => (entry.relpath === FORMER_METADATA ? { ...entry, md5: md5(former) } : entry)),
  );
}

/** The files that version 0.1.0 would have written. @param text of the index: the keys of its metadata in their own order. */
function formerEntries({ md5: digests, images }: FeatureIndex, text: string): FolderEntry[] {
  const metadata = pick(JSON.parse(text), FORMER);
  return [
    { relpath: FORMER_METADATA, md5: md5(`${JSON.stringify(metadata, null, 2)}\n`) },
    ...SPLITS.flatMap((split) => {
      const rows = images.filter((image) => image.startsWith(`${split}/`)).map((image) => JSON.stringify(image));
      return [
        { relpath: `bottleneck_features_${split}.npy`, md5: digests[split] },
        { relpath: `bottleneck_features_${split}_images.json`, md5: md5(`[\n${rows.join(",\n")}\n]\n`) },
      ];
    }),
  ];
}

/** An index that cannot be read gives no digest of its own; the stage itself says what is wrong with it. */
function readable(text: string): FeatureIndex | undefined {
  try {
    return parseIndex(text, INDEX);
  } catch {
    return undefined;
  }
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
