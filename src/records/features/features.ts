import { readSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { StageError } from "../../runtime/errors.ts";
import type { Split } from "../format/image-folder.ts";
import { anew } from "../format/text.ts";
import { readFeatureMetadata } from "./features-metadata.ts";
import { assertOfDataset, featureRowsFile } from "./features-rows.ts";
import { npyHeader, openNpy } from "./npy.ts";

/*
 * Bottleneck features on disk, and nothing else knows how they lie there:
 *   bottleneck_features_{train,validation}.npy          float32 [n, h, w, channels], `numpy.load` reads it
 *   bottleneck_features_{train,validation}_images.json  the n image paths, row by row: features-rows.ts
 *   bottleneck_features.json                            what they were computed from: features-metadata.ts
 */
const file = (folder: string, split: Split, rest: string): string =>
  join(folder, `bottleneck_features_${split}${rest}`);

/** Streams one split's features to disk: an open file, to be held with `await using`. */
export interface FeatureWriter extends AsyncDisposable {
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
  await featureRowsFile.write(file(folder, split, "_images.json"), [...images]);
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
    [Symbol.asyncDispose]: () => handle.close(), // once more does no harm
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
  /** Reads the given rows into `target` [rows.length, rowLength], one after the other. @throws StageError for a value that is no number. */
  read(rows: ArrayLike<number>, target: Float32Array): void;
  /** Closes the file. */
  close(): Promise<void>;
}

/**
 * Opens a split's features.
 * @throws StageError when a file is missing or damaged, an image has two rows, or the files of the folder do not belong together.
 */
export async function openFeatures(folder: string, split: Split): Promise<FeatureReader> {
  const hint = anew("extract-bottleneck");
  const [list, npy] = [file(folder, split, "_images.json"), file(folder, split, ".npy")];
  const { shape, offset, handle } = await openNpy(npy);
  try {
    const images = await featureRowsFile.read(list);
    if (images.length !== shape[0])
      throw new StageError(`${list}: names ${images.length} images, but the features have ${shape[0]} rows.`, { hint });
    assertOfDataset(images, split, (await readFeatureMetadata(folder)).dataset, list);
    const rowShape = shape.slice(1);
    const rowLength = rowShape.reduce((a, b) => a * b, 1);
    const seen = new Uint8Array(images.length); // a row is looked at when it is first read
    return {
      images,
      rowShape,
      rowLength,
      read(rows, target) {
        const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
        for (let i = 0; i < rows.length; i++) {
          const row = rows[i] as number;
          // Synchronous on purpose: the page cache answers in microseconds, a promise per row would cost more.
          readSync(handle.fd, bytes, i * rowLength * 4, rowLength * 4, offset + row * rowLength * 4);
          if (seen[row]) continue;
          seen[row] = 1;
          const values = target.subarray(i * rowLength, (i + 1) * rowLength);
          const fault = firstNoNumber(values);
          if (fault >= 0)
            throw new StageError(`${npy}: row ${row} (${images[row]}): value ${fault} is ${values[fault]}.`, { hint });
        }
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Place of the first NaN or infinity, or -1. */
function firstNoNumber(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}
