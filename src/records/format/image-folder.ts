import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { StageError, throwSystemError } from "../../runtime/errors.ts";
import { oneLine, quoted } from "../../runtime/printable.mjs";
import { isSharded, readShardTable, SHARD_TABLE } from "./image-shards.ts";

/** The two parts of a data set. Only `train` is ever poisoned. */
export const SPLITS = ["train", "validation"] as const;
/** One of {@link SPLITS}. */
export type Split = (typeof SPLITS)[number];

/** One image of a data set. */
export interface ImageEntry {
  /** Path from the data set's root with forward slashes, `train/cats/cat.1.jpg`: unique, and the key that joins all tables. */
  image: string;
  split: Split;
  /** The class, which is the name of the folder. */
  label: string;
}

/** File names that end in one of these are images. */
export const IMAGE_NAME = /\.(jpe?g|jpe|jfif|mpo|png|webp|gif|tiff?|avif|bmp|dib)$/i;

/** The largest image that is decoded, in pixels (width × height): 100 megapixels are 300 MB of memory. */
export const PIXEL_LIMIT = 100_000_000;

/**
 * Lists the images under `root/{train,validation}/CLASS/`: training split first, classes by name, images in natural order.
 * Where they are kept in tars, their table is believed. This order is the row order of every table and array of the pipeline. Hidden files and folders and what is no image are passed over.
 * @param shown what to call `root` in messages.
 * @throws StageError when a split is missing, there are fewer than two classes, a class is empty, or the splits' classes differ.
 */
export async function listImages(root: string, shown = root): Promise<ImageEntry[]> {
  if (isSharded(root)) return listSharded(root, shown);
  const entries: ImageEntry[] = [];
  const classes = { train: [] as string[], validation: [] as string[] };
  for (const split of SPLITS) {
    classes[split] = await list(join(root, split), "folder");
    classes[split].sort(byCodeUnit);
    for (const label of classes[split]) {
      const names = (await list(join(root, split, label), "file")).filter((name) => IMAGE_NAME.test(name));
      if (names.length === 0) {
        throw new StageError(`${shown}/${split}/${oneLine(label)}: the class ${quoted(label)} has no image.`, {
          hint: "Put images into the folder or remove it.",
        });
      }
      for (const name of names.sort(naturally)) entries.push({ image: `${split}/${label}/${name}`, split, label });
    }
  }
  checkClasses(classes, shown);
  return entries;
}

async function listSharded(root: string, shown: string): Promise<ImageEntry[]> {
  const { images } = await readShardTable(join(root, SHARD_TABLE));
  const names = { train: new Map<string, string>(), validation: new Map<string, string>() };
  const entries = images.map((image) => {
    const [split, name] = image.split("/", 2) as [Split, string];
    const label = names[split].get(name) ?? name; // one text a class, not one an image
    names[split].set(label, label);
    return { image, split, label };
  });
  const [train, validation] = SPLITS.map((split) => [...names[split].keys()].sort(byCodeUnit)) as [string[], string[]];
  checkClasses({ train, validation }, shown);
  return entries;
}

/**
 * @param classes of each split, sorted.
 * @param shown what to call the data set in messages.
 * @throws StageError when there are fewer than two, or the splits' differ.
 */
export function checkClasses(classes: Record<Split, readonly string[]>, shown: string): void {
  if (classes.train.includes("__proto__")) {
    throw new StageError(`${shown}/train/__proto__: JavaScript keeps this name for itself.`, {
      hint: "Give the class another name, in both splits.",
    });
  }
  if (classes.train.length < 2) {
    const found = classes.train.length === 0 ? "no class" : `one class, ${quoted(classes.train[0] as string)}`;
    throw new StageError(`${shown}/train: found ${found}; two or more are needed.`, {
      hint: "Put each class's images into a folder named like the class: train/cats, train/dogs.",
    });
  }
  if (classes.train.join("\n") !== classes.validation.join("\n")) {
    const encoded = ({ train, validation }: typeof classes) =>
      [train, validation].map((names) => names.map((name) => name.normalize("NFC")).join("\n"));
    const [a, b] = encoded(classes);
    if (a === b)
      throw new StageError(`${shown}: the classes differ in how an accent is encoded: one split has it composed.`, {
        hint: "Rename the folders of one split like those of the other: on macOS they look the same.",
      });
    throw new StageError(
      `${shown}: the classes differ: train has ${shownNames(classes.train)}; validation has ${shownNames(classes.validation) || "none"}.`,
      {
        hint: "Give both splits folders of the same names.",
      },
    );
  }
}

/** The class names, in the order that numbers them: class 0 first. */
export function classNamesOf(labels: Iterable<string>): string[] {
  return [...new Set(labels)].sort(byCodeUnit);
}

/** Compares names as people count: `cat.2.jpg` before `cat.10.jpg`. The same on every machine, whatever its locale. */
export function naturally(a: string, b: string): number {
  const [as, bs] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []];
  for (let i = 0; i < Math.min(as.length, bs.length); i++) {
    const [x, y] = [as[i] as string, bs[i] as string];
    const order = /^\d/.test(x) && /^\d/.test(y) ? Number(x) - Number(y) : byCodeUnit(x, y);
    if (order !== 0) return order;
  }
  return as.length - bs.length || byCodeUnit(a, b);
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Names of the files or folders in a folder; a link counts as what it leads to, and hidden ones do not count. */
async function list(folder: string, kind: "file" | "folder"): Promise<string[]> {
  try {
    const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => !entry.name.startsWith("."));
    const names: string[] = [];
    for (const entry of entries) {
      const isFolder =
        entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(join(folder, entry.name))));
      const isFile = entry.isFile() || (entry.isSymbolicLink() && !isFolder);
      if (kind === "folder" ? isFolder : isFile) names.push(entry.name);
    }
    return names;
  } catch (cause) {
    throwSystemError(cause, folder);
    throw new StageError(`${folder}: no such folder of images.`, {
      hint: "Restore the images first: `dvc repro restore`.",
      cause,
    });
  }
}

/** A dangling link leads to no folder: whoever reads it as a file will say what is wrong. */
async function leadsToFolder(link: string): Promise<boolean> {
  return (await stat(link).catch(() => undefined))?.isDirectory() ?? false;
}

const shownNames = (names: readonly string[]): string => names.map((name) => oneLine(name)).join(", ");
