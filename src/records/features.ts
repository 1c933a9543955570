import { readSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { StageError } from "../runtime/errors.ts";
import type { Dataset } from "./dataset.ts";
import type { Split } from "./image-folder.ts";
import { readJson, writeJson, writeJsonRows } from "./json.ts";
import { npyHeader, openNpy } from "./npy.ts";

/*
 * Bottleneck features on disk, and nothing else knows how they lie there:
 *   bottleneck_features_{train,validation}.npy          float32 [n, h, w, channels], `numpy.load` reads it
 *   bottleneck_features_{train,validation}_images.json  the n image paths, row by row
 *   bottleneck_features.json                            what they were computed from: FeatureMetadata
 */
const file = (folder: string, split: Split, rest: string): string =>
  join(folder, `bottleneck_features_${split}${rest}`);

/** What features were computed from, and how. */
export interface FeatureMetadata {
  base: string;
  image: { size: number; resize: "nearest" | "bilinear" | "lanczos3"; preprocess: "rescale" | "caffe" };
  dataset: Dataset;
}

/** Writes what the features of a folder were computed from. */
export async function writeFeatureMetadata(folder: string, facts: FeatureMetadata): Promise<void> {
  await writeJson(join(folder, "bottleneck_features.json"), facts);
}

/** Reads what the features of a folder were computed from. */
export function readFeatureMetadata(folder: string): Promise<FeatureMetadata> {
  return readJson(join(folder, "bottleneck_features.json"), "extract-bottleneck");
}

/** Streams one split's features to disk. */
export interface FeatureWriter {
  /** Appends whole rows, in the order of the image list. */
  append(rows: Float32Array): Promise<void>;
  /** Ends the file. @throws Error when fewer or more rows came than images were announced. */
  close(): Promise<void>;
}

/** Begins a split's feature file of one row of shape [h, w, channels] per image, in the order of `images`. */
export async function createFeatures(
  folder: string,
  split: Split,
  images: readonly string[],
  row: readonly number[],
): Promise<FeatureWriter> {
  await writeJsonRows(file(folder, split, "_images.json"), images);
  const handle = await open(file(folder, split, ".npy"), "wx");
  await handle.writeFile(npyHeader([images.length, ...row]));
  const values = images.length * row.reduce((a, b) => a * b, 1);
  let written = 0;
  return {
    async append(rows) {
      await handle.writeFile(Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength));
      written += rows.length;
    },
    async close() {
      await handle.close();
      if (written !== values) throw new Error(`${split}: ${written} feature values written, ${values} expected`);
    },
  };
}

/** One split's features, read row by row; never all of them are in memory. */
export interface FeatureReader {
  /** Image paths in row order. */
  images: string[];
  /** Shape of one row, e.g. [4, 4, 512]. */
  rowShape: number[];
  /** Values in one row, e.g. 8192. */
  rowLength: number;
  /** Reads the given rows into `target` [rows.length, rowLength], one after the other. */
  read(rows: ArrayLike<number>, target: Float32Array): void;
  close(): Promise<void>;
}

/** Opens a split's features. @throws StageError when a file is missing, damaged, or the two do not belong together. */
export async function openFeatures(folder: string, split: Split): Promise<FeatureReader> {
  const hint = "Write them anew: `dvc repro --force --single-item extract-bottleneck`.";
  const list = file(folder, split, "_images.json");
  const { shape, offset, handle } = await openNpy(file(folder, split, ".npy"));
  const images = await readJson<string[]>(list, "extract-bottleneck").catch(async (error) => {
    await handle.close();
    throw error;
  });
  if (images.length !== shape[0]) {
    await handle.close();
    throw new StageError(`${list}: names ${images.length} images, but the features have ${shape[0]} rows.`, { hint });
  }
  const rowShape = shape.slice(1);
  const rowLength = rowShape.reduce((a, b) => a * b, 1);
  return {
    images,
    rowShape,
    rowLength,
    read(rows, target) {
      const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
      for (let i = 0; i < rows.length; i++) {
        // Synchronous on purpose: the page cache answers in microseconds, a promise per row would cost more.
        readSync(handle.fd, bytes, i * rowLength * 4, rowLength * 4, offset + (rows[i] as number) * rowLength * 4);
      }
    },
    close: () => handle.close(),
  };
}
