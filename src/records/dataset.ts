import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StageError } from "../runtime/errors.ts";
import { SPLITS } from "./image-folder.ts";

const counts = z.record(z.string(), z.int().min(1));

/** What `dataset.json` beside the splits of a restored data set holds. */
export const datasetSchema = z.strictObject({
  name: z.string().min(1).describe("for titles and metrics, e.g. `cats-dogs (registry)`"),
  source: z.enum(["registry", "mirror", "path", "generated"]).describe("where the images came from"),
  licence: z.string().optional(),
  credit: z.string().optional(),
  classes: z.array(z.string()).min(2).describe("in the order that numbers them"),
  images: z.strictObject({ train: counts, validation: counts }).describe("number of images by split and class"),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("SHA-256 of the lines `SHA-256, two spaces, split/class/name` in row order"),
});
export type Dataset = z.infer<typeof datasetSchema>;

/** What a source may say about its images in a `dataset.json` of its own: it is carried over. */
export const creditSchema = z
  .object({ name: z.string().trim().min(1), licence: z.string(), credit: z.string() })
  .partial();
export type Credit = z.infer<typeof creditSchema>;

/** Writes `root/dataset.json`. */
export async function writeDataset(root: string, dataset: Dataset): Promise<void> {
  await writeFile(join(root, "dataset.json"), `${JSON.stringify(dataset, null, 2)}\n`);
}

/**
 * Reads `root/dataset.json`: name, origin, classes and counts of a restored data set.
 * @throws StageError when there is none or it does not fit {@link datasetSchema}.
 */
export async function readDataset(root: string): Promise<Dataset> {
  const dataset = await readJson(
    join(root, "dataset.json"),
    datasetSchema,
    "Restore the images: `dvc repro --force --single-item restore`.",
  );
  if (dataset === undefined) {
    throw new StageError(`${join(root, "dataset.json")}: no such file.`, {
      hint: "Restore the images first: `dvc repro restore`.",
    });
  }
  return dataset;
}

/** Reads what a source says about itself; nothing when it says nothing. */
export async function readCredit(root: string, shown: string): Promise<Credit> {
  return (
    (await readJson(
      join(root, "dataset.json"),
      creditSchema,
      `Mend ${shown}/dataset.json: texts for name, licence and credit.`,
    )) ?? {}
  );
}

/** One digest for all images: SHA-256 of the lines that `sha256sum` would print for them. */
export function digestOf(images: readonly { image: string }[], digests: readonly string[]): string {
  const hash = createHash("sha256");
  for (const [index, { image }] of images.entries()) hash.update(`${digests[index]}  ${image}\n`);
  return hash.digest("hex");
}

/** How many images of each class each split holds. */
export function countImages(images: readonly { split: string; label: string }[]): Dataset["images"] {
  const table: Dataset["images"] = { train: {}, validation: {} };
  for (const split of SPLITS) {
    for (const { label } of images.filter((image) => image.split === split))
      table[split][label] = (table[split][label] ?? 0) + 1;
  }
  return table;
}

async function readJson<T>(file: string, schema: z.ZodType<T>, hint: string): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new StageError(
      `${file}: ${cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message}`,
      { hint, cause },
    );
  }
}
