import { existsSync } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { csvParseRows } from "d3-dsv";
import { StageError, throwSystemError } from "../../runtime/errors.ts";
import { quoted } from "../../runtime/printable.mjs";

/*
 * Images in tars as WebDataset has them (https://github.com/webdataset/webdataset): a sample's files share a key, the part of the name before its
 * first dot. The table beside them says where each image lies.
 */

/** How a data set keeps its images: each a file, or in tars. */
export const LAYOUTS = ["files", "tar"] as const;

/** The table, beside the tars. */
export const SHARD_TABLE = "images.csv";
/** Its columns: the image's path in the data set, the tar, and where its content begins and how many bytes it has. */
export const SHARD_COLUMNS = ["image", "shard", "offset", "bytes"] as const;

/** The name of a tar. */
export const shardName = (number: number): string => `shard-${String(number).padStart(5, "0")}.tar`;

const ANEW = "Restore the images anew: `dvc repro --force restore`.";
const SHARD = /^shard-\d{5,}\.tar$/;
/** Bytes of a tar's header, and what contents are filled up to. */
export const BLOCK = 512;

/** Whether a data set keeps its images in tars. */
export const isSharded = (root: string): boolean => existsSync(join(root, SHARD_TABLE));

/** The images of a data set in tars, in row order, and where they lie: typed arrays, so that a million take no more than their names. */
export interface ShardTable {
  images: string[];
  shards: string[];
  /** [n], index into `shards`. */
  shard: Uint32Array;
  /** [n], bytes. */
  offset: Float64Array;
  bytes: Uint32Array;
}

/** Reads the table of a data set. @throws StageError for one that names no image, or what cannot be. */
export async function readShardTable(file: string): Promise<ShardTable> {
  const refuse = (row: number, what: string) => new StageError(`${file}: row ${row}: ${what}`, { hint: ANEW });
  const text = await readFile(file, "utf8").catch((error: unknown) => throwSystemError(error, file) as never);
  const images: string[] = [];
  const numbers: number[] = [];
  const shards = new Map<string, number>();
  const seen = new Set<string>();
  csvParseRows(text, (row, i) => {
    if (i === 0) {
      if (row.join() !== SHARD_COLUMNS.join()) throw refuse(1, `the columns are not ${SHARD_COLUMNS.join(", ")}.`);
      return undefined;
    }
    const [image = "", shard = "", offset = "", bytes = ""] = row;
    if (!/^(train|validation)\/[^/]+\/[^/]+$/.test(image) || image.split("/").some((part) => /^\.\.?$/.test(part)))
      throw refuse(i + 1, `image is ${quoted(image)}, which is no SPLIT/CLASS/NAME.`);
    if (seen.has(image)) throw refuse(i + 1, `${quoted(image)} stands there twice.`);
    seen.add(image);
    if (!SHARD.test(shard)) throw refuse(i + 1, `shard is ${quoted(shard)}, which is no shard-00000.tar.`);
    if (!/^\d{1,15}$/.test(offset) || !/^\d{1,9}$/.test(bytes) || Number(offset) < BLOCK)
      throw refuse(i + 1, "offset and bytes must be whole numbers.");
    if (!shards.has(shard)) shards.set(shard, shards.size);
    images.push(image);
    numbers.push(shards.get(shard) as number, Number(offset), Number(bytes));
    return undefined;
  });
  const count = images.length;
  const column = (which: number) => (_: unknown, i: number) => numbers[3 * i + which] as number;
  return {
    images,
    shards: [...shards.keys()],
    shard: Uint32Array.from({ length: count }, column(0)),
    offset: Float64Array.from({ length: count }, column(1)),
    bytes: Uint32Array.from({ length: count }, column(2)),
  };
}

/** Reads an image's file by its path in the data set. @throws the system's error, and Error for what is not as the data set says. */
export type ReadImage = (image: string) => Promise<Buffer>;

/**
 * How the images of a data set are read, in whichever layout it keeps them.
 * @param limit bytes of one image, at most.
 * @throws StageError for a damaged table.
 */
export async function imageReader(root: string, limit = Number.POSITIVE_INFINITY): Promise<ReadImage> {
  if (!isSharded(root)) return (image) => readPlain(join(root, image), limit);
  const table = await readShardTable(join(root, SHARD_TABLE));
  const rows = new Map(table.images.map((image, row) => [image, row]));
  return async (image) => {
    const row = rows.get(image);
    if (row === undefined) throw new Error(`${SHARD_TABLE} does not name it`);
    const [shard, offset, bytes] = [
      table.shards[table.shard[row] as number] as string,
      table.offset[row] as number,
      table.bytes[row] as number,
    ];
    if (bytes > limit) throw new Error(tooLarge(bytes, limit));
    const file = await open(join(root, shard));
    try {
      const { buffer, bytesRead } = await file.read(
        Buffer.allocUnsafe(BLOCK + bytes),
        0,
        BLOCK + bytes,
        offset - BLOCK,
      );
      if (bytesRead === BLOCK + bytes && sizeIn(buffer) === bytes) return buffer.subarray(BLOCK);
    } finally {
      await file.close();
    }
    throw new StageError(`${shard} does not hold it where ${SHARD_TABLE} says`, { hint: ANEW });
  };
}

/** A file as it is, of at most so many bytes. @throws Error for another, or what is no file. */
export async function readPlain(file: string, limit: number): Promise<Buffer> {
  const entry = await stat(file);
  if (!entry.isFile()) throw new Error("it is no file"); // a link may lead to a pipe or to /dev/zero
  if (entry.size > limit) throw new Error(tooLarge(entry.size, limit));
  return await readFile(file);
}

const tooLarge = (bytes: number, limit: number): string =>
  `has ${Math.ceil(bytes / 1e6)} MB; the limit is ${limit / 1e6} MB`;

/** The size of the content that a header announces; nothing when it is no header. */
function sizeIn(header: Buffer): number | undefined {
  if (header.toString("latin1", 257, 262) !== "ustar") return undefined;
  return Number.parseInt(header.toString("latin1", 124, 136), 8);
}
