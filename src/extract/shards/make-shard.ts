import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { NETWORKS, type NetworkName } from "../../networks/index.ts";
import { loadBase } from "../../networks/load-base.ts";
import { withPool } from "../../networks/pool.ts";
import { createPart } from "../../records/features/part.ts";
import { assertFits } from "../../records/format/check.ts";
import { writeWhole } from "../../runtime/atomic-write.ts";
import { StageError } from "../../runtime/errors.ts";
import { isShortage } from "../../runtime/system-error.mjs";
import { loadWeights } from "../../weights/find.ts";
import { extractFeatures } from "../collect.ts";
import { requestSchema, type Shard, type ShardFailure, type ShardResult } from "./shard.ts";

/**
 * Makes a shard, whole or not at all; one that lies there whole is left alone.
 * @throws StageError when an image cannot be decoded: it is noted beside the shard, for it would be so again.
 */
export async function makeShard(shard: Shard): Promise<"made" | "there"> {
  if (shard.made()) return "there";
  await rm(shard.failure(), { force: true });
  try {
    await make(shard);
    return "made";
  } catch (error) {
    if (error instanceof StageError && !isShortage(error)) {
      const failure: ShardFailure = { message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
      await writeWhole(shard.failure(), (file) => writeFile(file, JSON.stringify(failure)));
    }
    throw error;
  }
}

async function make(shard: Shard): Promise<void> {
  const file = shard.request();
  const { base: name, image, pool, root, images } = assertFits(
    requestSchema,
    JSON.parse(await readFile(file, "utf8")) as unknown,
    { name: file, hint: "Run the stage again: it writes it anew." },
  );
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

/** The network ready to run; a function of its own, so that the weights as they were read are forgotten. */
const load = async (name: NetworkName, size: number) => loadBase(NETWORKS[name], await loadWeights(name), size);
