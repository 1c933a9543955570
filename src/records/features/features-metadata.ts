import { z } from "zod";
import { open } from "../format/check.ts";
import { datasetSchema } from "../images/dataset.ts";
import { imageParamsSchema } from "./image-params.ts";

/** What became of the cells of an image's features; absent, they are all there. */
export const poolSchema = z.enum(["none", "avg"]).describe("avg: each channel is the mean over the cells");

/** The keys that say what the features of a folder were computed from, and how. */
export const metadataShape = {
  base: z.string().min(1).describe("the network"),
  image: imageParamsSchema,
  pool: poolSchema.optional(),
  dataset: datasetSchema,
  backend: z
    .string()
    .optional()
    .describe("what computed: `cpu`, `cpu-nofma`, `tensorflow 2.21.0 gpu`; version 0.1.0 did not say it"),
};

const schema = open(metadataShape);

/** What the features of a folder were computed from, and how. */
export type FeatureMetadata = z.infer<typeof schema>;
