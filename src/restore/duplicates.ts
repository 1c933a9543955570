import type { ImageEntry } from "../records/format/image-folder.ts";

/** Duplicates that the warning names. */
const NAMED = 20;

/**
 * Finds validation images that are byte for byte a training image: the network is then validated on what it was trained on.
 * @param digests of the images, in their order.
 * @returns a warning that lists them, or nothing.
 */
export function describeDuplicates(images: readonly ImageEntry[], digests: readonly string[]): string | undefined {
  const training = new Map<string, string>();
  const pairs: string[] = [];
  images.forEach(({ image, split }, index) => {
    const digest = digests[index] as string;
    if (split === "train") training.set(digest, training.get(digest) ?? image);
    else if (training.has(digest)) pairs.push(`  ${image} = ${training.get(digest)}`);
  });
  if (pairs.length === 0) return undefined;
  const more = pairs.length > NAMED ? [`  … and ${pairs.length - NAMED} more`] : [];
  const count = pairs.length === 1 ? "1 validation image is" : `${pairs.length} validation images are`;
  return [
    `${count} byte for byte a training image, so validation looks better than it is:`,
    ...pairs.slice(0, NAMED),
    ...more,
  ].join("\n");
}
