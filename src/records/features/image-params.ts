import { z } from "zod";
import { open } from "../format/check.ts";

/** How an image is brought to its size, as Pillow does it: nearest neighbour, or a filter. */
export const RESIZES = ["nearest", "bilinear", "bicubic", "lanczos3"] as const;

/** How pixels 0–255 become a network's input: `rescale` is x/255, `caffe` is BGR minus the mean of ImageNet. */
export const PREPROCESSINGS = ["rescale", "caffe"] as const;

/** What a network sees of an image file, as the features' metadata and a model file hold it. */
export const imageParamsSchema = open({
  size: z.int().min(1).describe("width and height, px"),
  resize: z.enum(RESIZES),
  preprocess: z.enum(PREPROCESSINGS),
});
/** What a network sees of an image. */
export type ImageParams = z.infer<typeof imageParamsSchema>;
