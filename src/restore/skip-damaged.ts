import { rm } from "node:fs/promises";
import { join } from "node:path";
import { checkClasses, classNamesOf, SPLITS } from "../records/format/image-folder.ts";
import type { StageError } from "../runtime/errors.ts";
import type { Installed, PlacedImage } from "./install-images.ts";
import { type DataParams, takeFirst } from "./take-first.ts";

/**
 * Takes the first images of each class among those that can be used, and removes the others from `to`.
 * @param installed what became of `images`, all of which were tried.
 * @returns those that stay, their digests, and why others could not be used.
 * @throws StageError when a class is left with too few.
 */
export async function leaveOut(
  images: readonly PlacedImage[],
  { digests, faults }: Installed,
  data: DataParams,
  shown: string,
  to: string,
): Promise<{ images: PlacedImage[]; digests: string[]; skipped: StageError[] }> {
  const sound = images.flatMap((image, i) => (faults[i] ? [] : [{ ...image, digest: digests[i] as string }]));
  const [train, validation] = SPLITS.map((part) =>
    classNamesOf(sound.filter(({ split }) => split === part).map(({ label }) => label)),
  ) as [string[], string[]];
  checkClasses({ train, validation }, `${shown}, less what cannot be used`);
  const taken = takeFirst(sound, data, shown);
  const kept = new Set(taken.map(({ image }) => image));
  for (const { image } of sound) if (!kept.has(image)) await rm(join(to, image));
  return {
    images: taken,
    digests: taken.map(({ digest }) => digest),
    skipped: faults.filter((fault) => fault !== undefined),
  };
}
