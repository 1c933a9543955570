import { join } from "node:path";
import { z } from "zod";
import { checked, type Fault, open } from "../format/check.ts";
import { jsonFile } from "../format/json.ts";
import { metadataShape } from "./features-metadata.ts";
import { firstTwice } from "./features-rows.ts";

/** The file that says what lies in a folder of features. */
export const INDEX = "index.json";

const digest = (digits: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `it must be ${digits} hexadecimal digits`);
const size = z.int().min(1);

const schema = open({
  ...metadataShape,
  dtype: z.literal("<f4").describe("little-endian float32, as NumPy calls it"),
  shape: z.array(size).min(2).describe("rows, and the shape of one image's features"),
  md5: z
    .strictObject({ train: digest(32), validation: digest(32) })
    .describe("of each split's rows as one .npy file: the features' name in MLflow, however they are cut into parts"),
  parts: z
    .array(
      open({
        file: z.string().regex(/^part-\d{5,}\.npy$/, "it must be part-NUMBER.npy"),
        rows: size,
        sha256: digest(64),
      }),
    )
    .min(1)
    .describe("files of consecutive rows, in order"),
  images: z
    .array(z.string().regex(/^[^/]+\/[^/]+\/[^/]+$/, "it must be SPLIT/CLASS/NAME"))
    .min(1)
    .describe("the image of each row: training split first"),
});

/** index.json: what the features of a folder are, where their rows lie, and of which images they are. */
export type FeatureIndex = z.infer<typeof schema>;

const indexFile = jsonFile(checked(schema, faultOf), { stage: "extract-bottleneck" });

/** Reads index.json. @throws StageError naming the file and the key. */
export const readIndex = (folder: string): Promise<FeatureIndex> => indexFile.read(join(folder, INDEX));

/** As {@link readIndex}, from text that is at hand. @param name what messages call it. */
export const parseIndex = (text: string, name: string): FeatureIndex => indexFile.parse(text, name);

/** Writes index.json. */
export const writeIndex = (folder: string, index: FeatureIndex): Promise<void> =>
  indexFile.write(join(folder, INDEX), index);

/** Rows, parts and images must fit together. */
function faultOf({ shape, parts, images }: FeatureIndex): Fault | undefined {
  const [rows] = shape as [number];
  if (images.length !== rows) return [["images"], `there are ${images.length}, but the shape says ${rows} rows`];
  const sum = parts.reduce((total, part) => total + part.rows, 0);
  if (sum !== rows) return [["parts"], `they have ${sum} rows in all, but the shape says ${rows}`];
  const named = parts.findIndex(({ file }, i) => file !== partName(i));
  if (named >= 0) return [["parts", named, "file"], `it must be ${partName(named)}`];
  const twice = firstTwice(images);
  return twice < 0 ? undefined : [["images", twice], "the image stands in the list twice"];
}

/** Name of the part of a number: `part-00000.npy`. */
export const partName = (number: number): string => `part-${String(number).padStart(5, "0")}.npy`;
