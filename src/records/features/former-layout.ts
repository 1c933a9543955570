import { join } from "node:path";
import { z } from "zod";
import { StageError } from "../../runtime/errors.ts";
import { checked, open } from "../format/check.ts";
import { SPLITS, type Split } from "../format/image-folder.ts";
import { jsonFile } from "../format/json.ts";
import { anew } from "../format/text.ts";
import { metadataShape } from "./features-metadata.ts";
import { assertOfDataset, type FeatureRows, firstTwice } from "./features-rows.ts";
import { openNpy } from "./npy.ts";

/*
 * How features lay before index.json came, which is still read:
 *   bottleneck_features_{train,validation}.npy          float32 [n, h, w, channels]
 *   bottleneck_features_{train,validation}_images.json  the n image paths, row by row
 *   bottleneck_features.json                            what they were computed from
 */

/** The file of the former layout that says what the features were computed from. */
export const FORMER_METADATA = "bottleneck_features.json";

const written = { stage: "extract-bottleneck" };
const metadataFile = jsonFile(open(metadataShape), written);
const rowsFile = jsonFile(
  checked(z.array(z.string()).min(1), (images) => {
    const twice = firstTwice(images);
    return twice < 0 ? undefined : [[twice], "the image stands in the list twice"];
  }),
  written,
);

/** Reads where the rows lie in a folder of the former layout. @throws StageError */
export async function readFormerIndex(folder: string): Promise<FeatureRows> {
  const metadata = await metadataFile.read(join(folder, FORMER_METADATA));
  const images = {} as Record<Split, string[]>;
  const parts: FeatureRows["parts"] = [];
  let rowShape: number[] = [];
  for (const split of SPLITS) {
    const [file, list] = [".npy", "_images.json"].map((rest) =>
      join(folder, `bottleneck_features_${split}${rest}`),
    ) as [string, string];
    const { shape, handle } = await openNpy(file);
    await handle.close();
    images[split] = await rowsFile.read(list);
    const refuse = (what: string) => new StageError(what, { hint: anew("extract-bottleneck") });
    if (images[split].length !== shape[0])
      throw refuse(`${list}: names ${images[split].length} images, but the features have ${shape[0]} rows.`);
    assertOfDataset(images[split], split, metadata.dataset, { file: list, place: (i) => `[${i}]` });
    if (rowShape.length > 0 && shape.slice(1).join() !== rowShape.join())
      throw refuse(
        `${file}: the features of an image have the shape [${shape.slice(1).join(", ")}], of train [${rowShape.join(", ")}].`,
      );
    rowShape = shape.slice(1);
    parts.push({ file, rows: images[split].length });
  }
  return { metadata, rowShape, parts, images };
}
