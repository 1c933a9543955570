import { z } from "zod";
import { open, share } from "../format/check.ts";
import { jsonFile } from "../format/json.ts";

const schema = open({
  wrong_labels_memorized: share
    .nullable()
    .describe("of the images with a wrong label, the share predicted as that label; null when there are none"),
  true_labels_learned: share
    .nullable()
    .describe("of the images with their true label, the share predicted as that label; null when there are none"),
});

/** What training made of the labels that it was given, right and wrong ones; shares 0–1 over the training images. */
export type Memorization = z.infer<typeof schema>;

/** metrics/memorization.json, which version 0.1.0 called metrics/poison.json and spelled the British way. */
export const memorizationFile = jsonFile<Memorization>(
  z.preprocess((value) => {
    if (typeof value !== "object" || value === null || !("wrong_labels_memorised" in value)) return value;
    const { wrong_labels_memorised: wrong_labels_memorized, ...others } = value;
    return { wrong_labels_memorized, ...others };
  }, schema),
  { stage: "train-top" },
);
