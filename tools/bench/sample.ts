import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { listImages } from "../../src/records/format/image-folder.ts";

/** Copies `count` images, spread evenly over all, to a folder of the same layout. */
export async function drawSample(root: string, count: number, target: string): Promise<void> {
  const images = await listImages(root);
  const step = (i: number) => Math.floor((i * count) / images.length);
  const drawn = images.filter((_, i) => step(i) !== step(i - 1));
  await copyImages(root, drawn, target);
}

/** Copies the first image of each class in each split. */
export async function drawFirst(root: string, target: string): Promise<void> {
  const images = await listImages(root);
  const drawn = new Map(images.toReversed().map((entry) => [`${entry.split}/${entry.label}`, entry]));
  await copyImages(root, [...drawn.values()], target);
}

async function copyImages(root: string, images: Awaited<ReturnType<typeof listImages>>, target: string) {
  for (const { image } of images) {
    await mkdir(dirname(join(target, image)), { recursive: true });
    await copyFile(join(root, image), join(target, image));
  }
  await copyFile(join(root, "dataset.json"), join(target, "dataset.json"));
}
