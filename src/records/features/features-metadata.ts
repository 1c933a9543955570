import { join } from "node:path";
import { z } from "zod";
import { open } from "../format/check.ts";
import { jsonFile } from "../format/json.ts";
import { datasetSchema } from "../images/dataset.ts";
import { imageParamsSchema } from "./image-params.ts";

const schema = open({
  base: z.string().min(1).describe("the network"),
  image: imageParamsSchema,
  dataset: datasetSchema,
  backend: z
    .string()
    .optional()
    .describe("what computed: `cpu`, `cpu-nofma`, `tensorflow 2.21.0 gpu`; version 0.1.0 did not say it"),
});

/** What the features of a folder were computed from, and how. */
export type FeatureMetadata = z.infer<typeof schema>;

const metadataFile = jsonFile(schema, { stage: "extract-bottleneck" });
const place = (folder: string): string => join(folder, "bottleneck_features.json");

/** Reads what the features of a folder were computed from. @throws StageError */
export const readFeatureMetadata = (folder: string): Promise<FeatureMetadata> => metadataFile.read(place(folder));

/** Writes what the features of a folder were computed from. */
export const writeFeatureMetadata = (folder: string, metadata: FeatureMetadata): Promise<void> =>
  metadataFile.write(place(folder), metadata);
