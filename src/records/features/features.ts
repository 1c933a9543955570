import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { StageError } from "../../runtime/errors.ts";
import type { Split } from "../format/image-folder.ts";
import { anew } from "../format/text.ts";
import { partName, writeIndex } from "./features-index.ts";
import type { FeatureMetadata } from "./features-metadata.ts";
import type { FeatureRows } from "./features-rows.ts";
import { openNpy } from "./npy.ts";
import { bytesOf, createPart, type PartWriter } from "./part.ts";
import { readRows } from "./read-rows.ts";
import { splitDigests } from "./split-digests.ts";

/*
 * Bottleneck features on disk, and nothing else knows how they lie there:
 *   part-00000.npy, part-00001.npy …  float32 [rows, h, w, channels], `numpy.load` reads them; the training split's rows come first
 *   index.json                        what they were computed from, the parts with their digests, the image of each row: features-index.ts
 */

/** Streams features to a folder: an open file, to be held with `await using`. */
export interface FeatureWriter extends AsyncDisposable {
  /** Appends whole rows, in the order of the image list. */
  append(rows: Float32Array): Promise<void>;
  /** Ends the last part and writes the index. @throws Error when fewer or more rows came than images were announced. */
  close(metadata: FeatureMetadata): Promise<void>;
}

/**
 * Begins the features of some images in a folder that is there.
 * @param images `SPLIT/CLASS/NAME`, the training split's first. @param row shape of one image's features. @param partRows rows of each part but the last.
 */
export async function createFeatures(
  folder: string,
  images: readonly string[],
  row: readonly number[],
  partRows = images.length,
): Promise<FeatureWriter> {
  const width = row.reduce((a, b) => a * b, 1);
  const digests = splitDigests(countSplits(images), row);
  const parts: { file: string; rows: number; sha256: string }[] = [];
  let part: PartWriter | undefined;
  let written = 0;
  const rowsOf = (number: number) => Math.min(partRows, images.length - number * partRows);
  const endPart = async (writer: PartWriter) => {
    const number = parts.length;
    parts.push({ file: partName(number), rows: rowsOf(number), sha256: await writer.close() });
    part = undefined;
  };
  return {
    async append(rows) {
      digests.update(bytesOf(rows));
      for (let at = 0; at < rows.length; ) {
        const left = rowsOf(parts.length) * width - (written - parts.length * partRows * width);
        if (left <= 0) throw new Error(`${folder}: more feature values than ${images.length} images have`);
        part ??= await createPart(join(folder, partName(parts.length)), rowsOf(parts.length), row);
        const some = rows.subarray(at, at + left);
        await part.append(some);
        written += some.length;
        at += some.length;
        if (some.length === left) await endPart(part);
      }
    },
    async close(metadata) {
      const expected = images.length * width;
      if (written !== expected) throw new Error(`${folder}: ${written} feature values written, ${expected} expected`);
      const md5 = digests.digest();
      await writeIndex(folder, {
        ...metadata,
        dtype: "<f4",
        shape: [images.length, ...row],
        md5,
        parts,
        images: [...images],
      });
    },
    [Symbol.asyncDispose]: async () => part?.[Symbol.asyncDispose](),
  };
}

/** How many rows each split has. @param images `SPLIT/CLASS/NAME`. */
export function countSplits(images: readonly string[]): Record<Split, number> {
  const train = images.filter((image) => image.startsWith("train/")).length;
  return { train, validation: images.length - train };
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
  /** Closes the files. */
  close(): Promise<void>;
}

/**
 * Opens a split's features.
 * @throws StageError when a file is missing or damaged, an image has two rows, or the files of the folder do not belong together.
 */
export const openFeatures = async (folder: string, split: Split): Promise<FeatureReader> =>
  openRows(await readRows(folder), split);

/** As {@link openFeatures}, where the rows' place has been read. */
export async function openRows({ rowShape, parts, images: all }: FeatureRows, split: Split): Promise<FeatureReader> {
  const hint = anew("extract-bottleneck");
  const images = all[split];
  const shift = split === "train" ? 0 : all.train.length;
  const rowLength = rowShape.reduce((a, b) => a * b, 1);
  const rowBytes = 4 * rowLength;
  const places = await partPlaces(parts, rowShape, [shift, shift + images.length]);
  const files = openParts(places.map(({ file }) => file));
  const seen = new Uint8Array(images.length); // a row is looked at when it is first read
  let last = 0; // rows that follow each other lie in one part, mostly
  const placeOf = (row: number): number => {
    const holds = (place: PartPlace | undefined) => place && row >= place.first && row < place.first + place.rows;
    if (!holds(places[last])) last = places.findIndex(holds);
    return last;
  };
  return {
    images,
    rowShape,
    rowLength,
    read(rows, target) {
      const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const number = placeOf(shift + row);
        const { file, first, offset } = places[number] as PartPlace;
        // Synchronous on purpose: the page cache answers in microseconds, a promise per row would cost more.
        readSync(files.descriptor(number), bytes, i * rowBytes, rowBytes, offset + (shift + row - first) * rowBytes);
        if (seen[row]) continue;
        seen[row] = 1;
        const values = target.subarray(i * rowLength, (i + 1) * rowLength);
        const fault = firstNoNumber(values);
        if (fault >= 0)
          throw new StageError(
            `${file}: row ${shift + row - first} (${images[row]}): value ${fault} is ${values[fault]}.`,
            {
              hint,
            },
          );
      }
    },
    close: async () => files.close(),
  };
}

/** A part that holds rows of the split. */
interface PartPlace {
  file: string;
  /** Number of its first row, counted over both splits. */
  first: number;
  rows: number;
  /** Position of the first value, in bytes. */
  offset: number;
}

/** The parts that hold rows from the first to before the last; each is looked at. @throws StageError when one is not what the index says. */
async function partPlaces(
  parts: FeatureRows["parts"],
  rowShape: readonly number[],
  [from, to]: [number, number],
): Promise<PartPlace[]> {
  const places: PartPlace[] = [];
  let first = 0;
  for (const { file, rows } of parts) {
    if (first < to && first + rows > from) {
      const { shape, offset, handle } = await openNpy(file);
      await handle.close();
      if (shape.join() !== [rows, ...rowShape].join())
        throw new StageError(
          `${file}: its shape is (${shape.join(", ")}); the index says (${[rows, ...rowShape].join(", ")}).`,
          { hint: anew("extract-bottleneck") },
        );
      places.push({ file, first, rows, offset });
    }
    first += rows;
  }
  return places;
}

/** So many files of features are open at once: a process may often open 1,024 in all. */
const MOST_OPEN = 128;

/** Files that are opened when they are first asked for; the one that was opened first makes room. */
function openParts(files: readonly string[]): { descriptor(number: number): number; close(): void } {
  const opened = new Map<number, number>();
  const close = (number: number) => {
    closeSync(opened.get(number) as number);
    opened.delete(number);
  };
  return {
    descriptor(number) {
      const known = opened.get(number);
      if (known !== undefined) return known;
      if (opened.size >= MOST_OPEN) close(opened.keys().next().value as number);
      const descriptor = openSync(files[number] as string, "r");
      opened.set(number, descriptor);
      return descriptor;
    },
    close() {
      for (const number of [...opened.keys()]) close(number);
    },
  };
}

/** Place of the first NaN or infinity, or -1. */
function firstNoNumber(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}
