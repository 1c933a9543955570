import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { checked, type Fault } from "../format/check.ts";
import { classNamesOf, SPLITS } from "../format/image-folder.ts";
import { jsonFile } from "../format/json.ts";

const counts = z.record(z.string(), z.int().min(1));

const schema = z.strictObject({
  name: z.string().min(1).describe("for titles and metrics, e.g. `cats-dogs (registry)`"),
  source: z.enum(["registry", "mirror", "path", "dvc", "generated"]).describe("where the images came from"),
  license: z.string().optional(),
  credit: z.string().optional(),
  classes: z.array(z.string().min(1)).min(2).describe("names, in the order that numbers them"),
  images: z.strictObject({ train: counts, validation: counts }).describe("number of images by split and class"),
  skipped: z.int().min(1).optional().describe("images that could not be used and were left out"),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "it must be a SHA-256: 64 hexadecimal digits")
    .describe("of the lines `SHA-256, two spaces, split/class/name` in row order"),
});

/** What `dataset.json` beside the splits of a restored data set holds. */
export type Dataset = z.infer<typeof schema>;

/** {@link Dataset} as it may stand in a file; version 0.1.0 spelled `license` the British way. */
export const datasetSchema: z.ZodType<Dataset> = z.preprocess(withLicense, checked(schema, faultOf));

const datasetFile = jsonFile(datasetSchema, { stage: "restore" });

/** Reads `root/dataset.json`: name, origin, classes and counts of a restored data set. @throws StageError */
export const readDataset = (root: string): Promise<Dataset> => datasetFile.read(join(root, "dataset.json"));

/** Writes `root/dataset.json`. */
export const writeDataset = (root: string, dataset: Dataset): Promise<void> =>
  datasetFile.write(join(root, "dataset.json"), dataset);

/** One digest for all images: SHA-256 of the lines that `sha256sum` would print for them. */
export function digestOf(images: readonly { image: string }[], digests: readonly string[]): string {
  const hash = createHash("sha256");
  for (const [index, { image }] of images.entries()) hash.update(`${digests[index]}  ${image}\n`);
  return hash.digest("hex");
}

/** How many images of each class each split holds. */
export function countImages(images: readonly { split: string; label: string }[]): Dataset["images"] {
  const [train, validation] = SPLITS.map((split) => {
    const table = new Map<string, number>();
    for (const image of images) if (image.split === split) table.set(image.label, (table.get(image.label) ?? 0) + 1);
    return Object.fromEntries(table);
  });
  return { train, validation } as Dataset["images"];
}

function withLicense(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("licence" in value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key === "licence" ? "license" : key, part]));
}

function faultOf({ classes, images }: Dataset): Fault | undefined {
  const names = classNamesOf(classes);
  if (names.join("\n") !== classes.join("\n")) return [["classes"], "each class must stand there once, sorted by name"];
  for (const split of SPLITS) {
    const counted = classNamesOf(Object.keys(images[split]));
    if (counted.join("\n") !== names.join("\n")) return [["images", split], `the classes are ${names.join(", ")}`];
  }
  return undefined;
}
