import { existsSync } from "node:fs";
import { join } from "node:path";
import { SPLITS } from "../format/image-folder.ts";
import { INDEX, readIndex } from "./features-index.ts";
import type { FeatureMetadata } from "./features-metadata.ts";
import { assertOfDataset, type FeatureRows } from "./features-rows.ts";
import { FORMER_METADATA, readFormerIndex } from "./former-layout.ts";

/** Reads where the rows of a folder lie; the layout of version 0.1.0 is known too. @throws StageError */
export async function readRows(folder: string): Promise<FeatureRows> {
  if (!existsSync(join(folder, INDEX)) && existsSync(join(folder, FORMER_METADATA))) return readFormerIndex(folder);
  const { dtype, shape, md5, parts, images, ...metadata } = await readIndex(folder);
  const first = images.findIndex((image) => !image.startsWith("train/"));
  const train = first < 0 ? images.length : first;
  const rows = { train: images.slice(0, train), validation: images.slice(train) };
  for (const split of SPLITS)
    assertOfDataset(rows[split], split, metadata.dataset, {
      file: join(folder, INDEX),
      place: (i) => `images[${split === "train" ? i : train + i}]`,
    });
  return {
    metadata,
    rowShape: shape.slice(1),
    parts: parts.map(({ file, rows }) => ({ file: join(folder, file), rows })),
    images: rows,
  };
}

/** What the features of a folder were computed from. @throws StageError */
export const readFeatureMetadata = async (folder: string): Promise<FeatureMetadata> =>
  (await readRows(folder)).metadata;
