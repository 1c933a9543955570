import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { listImages } from "../../src/records/format/image-folder.ts";

/** Copies `count` images, spread evenly over all, to a folder of the same layout. @returns how many there are now. */
export async function drawSample(root: string, count: number, target: string): Promise<number> {
  const images = await listImages(root);
  const step = (i: number) => Math.floor((i * count) / images.length);
  const drawn = images.filter((_, i) => step(i) !== step(i - 1));
  for (const { image } of drawn) {
    await mkdir(dirname(join(target, image)), { recursive: true });
    await copyFile(join(root, image), join(target, image));
  }
  await copyFile(join(root, "dataset.json"), join(target, "dataset.json"));
  return drawn.length;
}
