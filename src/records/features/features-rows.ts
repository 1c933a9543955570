import { StageError } from "../../runtime/errors.ts";
import type { Split } from "../format/image-folder.ts";
import { anew } from "../format/text.ts";
import type { Dataset } from "../images/dataset.ts";
import type { FeatureMetadata } from "./features-metadata.ts";

/** Where rows lie, in this layout or in a former one. */
export interface FeatureRows {
  metadata: FeatureMetadata;
  /** Shape of one row, e.g. [4, 4, 512]. */
  rowShape: number[];
  /** Files of consecutive rows, in order. */
  parts: { file: string; rows: number }[];
  /** The image of each row of a split; the training split's rows come first. */
  images: Record<Split, string[]>;
}

/** @throws StageError when a list of rows is not of the data set that the features' metadata name: other classes, or other counts. */
export function assertOfDataset(
  images: readonly string[],
  split: Split,
  { images: counts }: Dataset,
  { file, place }: { file: string; place: (i: number) => string },
): void {
  const refuse = (what: string) => new StageError(`${file}: ${what} (dataset).`, { hint: anew("extract-bottleneck") });
  const found = new Map<string, number>();
  for (const [i, image] of images.entries()) {
    const [folder, name] = image.split("/") as [string, string];
    if (folder !== split || !Object.hasOwn(counts[split], name))
      throw refuse(`${place(i)} is ${JSON.stringify(image)}, which is in no class of ${split} in the data set`);
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  for (const [name, count] of Object.entries(counts[split])) {
    if (found.get(name) !== count)
      throw refuse(`names ${found.get(name) ?? 0} images of ${name} in ${split}, but the data set has ${count}`);
  }
}

/** Place of the first text that came before, or -1. */
export function firstTwice(texts: readonly string[]): number {
  const seen = new Set<string>();
  return texts.findIndex((text) => seen.size === seen.add(text).size);
}
