import { z } from "zod";
import { StageError } from "../../runtime/errors.ts";
import { checked } from "../format/check.ts";
import type { Split } from "../format/image-folder.ts";
import { jsonFile } from "../format/json.ts";
import { anew } from "../format/text.ts";
import type { Dataset } from "../images/dataset.ts";

/** bottleneck_features_SPLIT_images.json: the images of the feature rows, `train/cats/cat.1.jpg`, each once. */
export const featureRowsFile = jsonFile(
  checked(z.array(z.string().regex(/^[^/]+\/[^/]+\/[^/]+$/, "it must be SPLIT/CLASS/NAME")).min(1), (images) => {
    const seen = new Set<string>();
    const twice = images.findIndex((image) => seen.size === seen.add(image).size);
    return twice < 0 ? undefined : [[twice], "the image stands in the list twice"];
  }),
  { stage: "extract-bottleneck", rows: true },
);

/** @throws StageError when a list of rows is not of the data set that the features' metadata name: other classes, or other counts. */
export function assertOfDataset(
  images: readonly string[],
  split: Split,
  { images: counts }: Dataset,
  file: string,
): void {
  const found = new Map<string, number>();
  for (const [i, image] of images.entries()) {
    const [folder, name] = image.split("/") as [string, string];
    if (folder !== split || !Object.hasOwn(counts[split], name))
      throw refuse(file, `[${i}] is ${JSON.stringify(image)}, which is in no class of ${split} in the data set`);
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  for (const [name, count] of Object.entries(counts[split])) {
    if (found.get(name) !== count)
      throw refuse(file, `names ${found.get(name) ?? 0} images of ${name}, but the data set has ${count}`);
  }
}

const refuse = (file: string, what: string) =>
  new StageError(`${file}: ${what} (bottleneck_features.json).`, { hint: anew("extract-bottleneck") });
