import { createHash } from "node:crypto";
import { type FileHandle, open, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { csvFormatRow } from "d3-dsv";
import { Header, Pax } from "tar";
import { classNamesOf, type ImageEntry, SPLITS } from "../records/format/image-folder.ts";
import { BLOCK, SHARD_COLUMNS, SHARD_TABLE, shardName } from "../records/format/image-shards.ts";
import { StageError } from "../runtime/errors.ts";
import { startProgress } from "../runtime/progress.ts";

/** What one tar holds at most: of images, and of bytes. */
export const SHARD_LIMITS = { images: 10_000, bytes: 2 ** 30 };

/**
 * Packs the images of a folder `{train,validation}/CLASS/*` into tars, `shard-00000.tar` …, and removes the files. A tar holds images of one split; beside
 * each image stands its class's number, `KEY.cls`, so that WebDataset reads the tars as they are. Same images, same bytes.
 * @param digests SHA-256 of the images, in their order: what is packed is what was checked.
 * @throws StageError when a file has changed meanwhile.
 */
export async function packImages(
  root: string,
  images: readonly ImageEntry[],
  digests: readonly string[],
  limits = SHARD_LIMITS,
): Promise<void> {
  const classes = new Map(classNamesOf(images.map(({ label }) => label)).map((name, number) => [name, number]));
  const lines = [csvFormatRow([...SHARD_COLUMNS])];
  const progress = startProgress("restore: packing", images.length, "images");
  let shard: Shard | undefined;
  let number = 0;
  try {
    for (const [i, { image, split, label }] of images.entries()) {
      const file = join(root, image);
      const bytes = await readFile(file);
      if (createHash("sha256").update(bytes).digest("hex") !== digests[i])
        throw new StageError(`${file}: has changed since it was checked.`, { hint: "Run restore again." });
      if (
        shard &&
        (shard.split !== split || shard.images >= limits.images || shard.bytes + bytes.length > limits.bytes)
      ) {
        await shard.close();
        shard = undefined;
      }
      shard ??= await Shard.create(join(root, shardName(number++)), split);
      const { key, ending } = sampleOf(image);
      await shard.add(`${key}.cls`, Buffer.from(String(classes.get(label))));
      const offset = await shard.add(`${key}${ending}`, bytes);
      shard.images++;
      lines.push(csvFormatRow([image, shardName(number - 1), offset, bytes.length].map(String)));
      await rm(file);
      progress.advance();
    }
  } finally {
    await shard?.close();
    progress.end();
  }
  for (const split of SPLITS) await rm(join(root, split), { recursive: true });
  await writeFile(join(root, SHARD_TABLE), `${lines.join("\n")}\n`);
}

/** An image's name as WebDataset parts it, key and ending: of dots the last alone is one. */
export function sampleOf(image: string): { key: string; ending: string } {
  const ending = extname(image);
  const cut = image.lastIndexOf("/") + 1;
  const stem = image.slice(cut, image.length - ending.length);
  return { key: image.slice(0, cut) + stem.replaceAll("%", "%25").replaceAll(".", "%2E"), ending };
}

/** A tar under way. */
class Shard {
  images = 0;
  bytes = 0;
  readonly split: string;
  readonly #file: FileHandle;

  private constructor(file: FileHandle, split: string) {
    this.#file = file;
    this.split = split;
  }

  static async create(path: string, split: string): Promise<Shard> {
    return new Shard(await open(path, "wx"), split);
  }

  /** Appends a file. @returns where its content begins. */
  async add(path: string, content: Buffer): Promise<number> {
    const entry = {
      path,
      size: content.length,
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: new Date(0),
      type: "File",
    } as const;
    const block = Buffer.alloc(BLOCK);
    const long = new Header(entry).encode(block, 0);
    const before = long ? new Pax({ path, size: content.length }).encode() : Buffer.alloc(0);
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
    const offset = this.bytes + before.length + BLOCK;
    await this.#write([before, block, content, padding]);
    return offset;
  }

  /** Ends it: two blocks of zeros. */
  async close(): Promise<void> {
    await this.#write([Buffer.alloc(2 * BLOCK)]);
    await this.#file.close();
  }

  async #write(pieces: readonly Buffer[]): Promise<void> {
    const all = Buffer.concat(pieces);
    for (let at = 0; at < all.length; ) at += (await this.#file.write(all, at)).bytesWritten;
    this.bytes += all.length;
  }
}
