import { readFile, rm, stat, writeFile } from "node:fs/promises";
import type { NetworkName } from "../../networks/index.ts";
import type { ConvolutionalBase } from "../../networks/network.ts";
import { withPool } from "../../networks/pool.ts";
import { createPart } from "../../records/features/part.ts";
import { assertFits } from "../../records/format/check.ts";
import { writeWhole } from "../../runtime/atomic-write.ts";
import { StageError } from "../../runtime/errors.ts";
import { isShortage } from "../../runtime/system-error.mjs";
import { extractFeatures } from "../collect.ts";
import { requestSchema, type Shard, type ShardFailure, type ShardResult } from "./shard.ts";

/** Makes a network ready to run on images of a size, px. */
export type LoadBase = (name: NetworkName, size: number) => Promise<ConvolutionalBase>;

/**
 * Makes a shard, whole or not at all; one that lies there whole is left alone.
 * @throws StageError when an image cannot be decoded: it is noted beside the shard, for it would be so again.
 */
export async function makeShard(shard: Shard, load: LoadBase): Promise<"made" | "there"> {
  if (shard.made()) return "there";
  await rm(shard.failure(), { force: true });
  try {
    await make(shard, load);
    return "made";
  } catch (error) {
    if (error instanceof StageError && !isShortage(error)) {
      const failure: ShardFailure = { message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
      await writeWhole(shard.failure(), (file) => writeFile(file, JSON.stringify(failure)));
    }
    throw error;
  }
}

async function make(shard: Shard, load: LoadBase): Promise<void> {
  const file = shard.request();
  const {
    base: name,
    image,
    pool,
    root,
    images,
  } = assertFits(requestSchema, JSON.parse(await readFile(file, "utf8")) as unknown, {
    name: file,
    hint: "Run the stage again: it writes it anew.",
  });
  const base = withPool(await load(name, image.size), pool);
  let result: ShardResult | undefined;
  await writeWhole(shard.rows(), async (partial) => {
    await using part = await createPart(partial, images.length, base.rowShape);
    await extractFeatures(base, { root, images }, image, part);
    const sha256 = await part.close();
    const { size: bytes } = await stat(partial);
    result = { rows: images.length, rowShape: base.rowShape, backend: base.backend, sha256, bytes };
  });
  base.close();
  await writeWhole(shard.result(), (partial) => writeFile(partial, JSON.stringify(result)));
}
