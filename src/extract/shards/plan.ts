import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { imageReader } from "../../records/format/image-shards.ts";
import { writeWhole } from "../../runtime/atomic-write.ts";
import { concurrently } from "../../runtime/concurrently.ts";
import { Shard, type ShardRequest } from "./shard.ts";

/** Part of each shard's name: another number where the same request would give other bytes than before. */
const RECIPE = 1;

/** Files that are read at once. */
const READS = 8;

/** What all shards are made by. */
export type Recipe = Omit<ShardRequest, "images">;

/**
 * Cuts images into shards of consecutive rows, and names each by what it is made of: recipe, names and content of its own images.
 * @param images paths from the recipe's root. @param size images of each shard but the last. @param weights SHA-256 of the network's.
 */
export async function planShards(
  images: readonly string[],
  recipe: Recipe,
  { size, weights, folder }: { size: number; weights: string; folder: string },
): Promise<Shard[]> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, ".gitignore"), "*\n"); // work under way: neither git's nor DVC's
  const shards: Shard[] = [];
  const { root, ...what } = recipe;
  const read = await imageReader(root);
  for (let start = 0; start < images.length; start += size) {
    const own = images.slice(start, start + size);
    const digests: string[] = [];
    await concurrently(own, READS, async (image, i) => {
      digests[i] = createHash("sha256")
        .update(await read(image))
        .digest("hex");
    });
    const key = createHash("sha256").update(JSON.stringify([RECIPE, what, weights]));
    for (const [i, image] of own.entries()) key.update(`\n${digests[i]}  ${image}`);
    const shard = new Shard(folder, key.digest("hex"));
    const request: ShardRequest = { ...recipe, images: own };
    await writeWhole(shard.request(), (file) => writeFile(file, JSON.stringify(request)));
    shards.push(shard);
  }
  return shards;
}
