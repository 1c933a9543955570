import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { Random } from "../../numbers/random.ts";
import { SPLITS } from "../../records/format/image-folder.ts";
import { concurrently } from "../../runtime/concurrently.ts";
import { drawAnimal } from "../drawing/animal.ts";
import type { Species } from "../drawing/coat.ts";
import { chooseExposure, expose } from "../drawing/photograph.ts";

/** How many pictures to draw. */
export interface GeneratedCounts {
  /** Pictures of cats to train on, and as many of dogs. */
  train_per_class: number;
  validation_per_class: number;
  /** Same seed, same bytes. */
  seed: number;
}

const SPECIES: Record<string, Species> = { cats: "cat", dogs: "dog" };

/**
 * Draws cats and dogs into `folder/{train,validation}/{cats,dogs}/{cat,dog}.N.jpg`, N from 1.
 * Every picture has a random stream of its own: picture N is the same however many are drawn.
 * @param onProgress called after each picture with the number done and the number of all.
 */
export async function generateImages(
  folder: string,
  counts: GeneratedCounts,
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  const pictures: { random: Random; species: Species; file: string }[] = [];
  for (const split of SPLITS) {
    for (const [label, species] of Object.entries(SPECIES)) {
      await mkdir(join(folder, split, label), { recursive: true });
      for (let number = 1; number <= counts[`${split}_per_class`]; number++) {
        const random = new Random(counts.seed, "drawing", split, species, number);
        pictures.push({ random, species, file: join(folder, split, label, `${species}.${number}.jpg`) });
      }
    }
  }
  let done = 0;
  // Two at a time for each core: while one is encoded and written, another is drawn.
  await concurrently(pictures, 2 * availableParallelism(), async ({ random, species, file }) => {
    await writeFile(file, await takePicture(random, species));
    onProgress?.(++done, pictures.length);
  });
}

/** One picture as JPEG bytes. */
async function takePicture(random: Random, species: Species): Promise<Buffer> {
  const { svg, width, height } = drawAnimal(random, species);
  const exposure = chooseExposure(random);
  const rendered = sharp(Buffer.from(svg));
  if (exposure.blur > 0) rendered.blur(exposure.blur);
  const pixels = expose(await rendered.raw().toBuffer(), width, exposure);
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: exposure.quality, optimiseCoding: false })
    .toBuffer();
}
