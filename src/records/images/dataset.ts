import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StageError } from "../../runtime/errors.ts";
import { assertFits, checked, type Fault } from "../format/check.ts";
import { classNamesOf, SPLITS } from "../format/image-folder.ts";
import { jsonFile } from "../format/json.ts";

const counts = z.record(z.string(), z.int().min(1));

const schema = z.strictObject({
  name: z.string().min(1).describe("for titles and metrics, e.g. `cats-dogs (registry)`"),
  source: z.enum(["registry", "mirror", "path", "generated"]).describe("where the images came from"),
  license: z.string().optional(),
  credit: z.string().optional(),
  classes: z.array(z.string().min(1)).min(2).describe("names, in the order that numbers them"),
  images: z.strictObject({ train: counts, validation: counts }).describe("number of images by split and class"),
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

/** A text that is shown in titles and on the terminal: one line of no great length. */
const line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, "it holds control characters");
const creditSchema = z.object({ name: line, license: line, credit: line }).partial();

/** What a source may say about its images in a `dataset.json` of its own: it is carried over. */
export type Credit = z.infer<typeof creditSchema>;

/** Reads what a source says about itself; nothing when it says nothing. @param shown what messages call `root`. @throws StageError */
export async function readCredit(root: string, shown: string): Promise<Credit> {
  const file = join(root, "dataset.json");
  if (!existsSync(file)) return {};
  const hint = `Mend ${shown}/dataset.json: texts for name, license and credit.`;
  const name = `${shown}/dataset.json`;
  try {
    return assertFits(creditSchema, withLicense(JSON.parse(await readFile(file, "utf8"))), { name, hint });
  } catch (cause) {
    if (cause instanceof StageError) throw cause;
    throw new StageError(`${name}: cannot be read: ${(cause as Error).message}`, { hint, cause });
  }
}

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
