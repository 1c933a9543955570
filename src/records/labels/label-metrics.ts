import { z } from "zod";
import { count, open } from "../format/check.ts";
import { jsonFile } from "../format/json.ts";

const percent = z.number().min(0).max(100);

/** metrics/labels.json: what was asked of the labels beside what they hold. Training knows the labels alone, and so only the latter. */
export const labelMetricsFile = jsonFile(
  open({
    poison_asked: percent.describe("% of the training images, as params.yaml says"),
    poison_reached: percent.describe("% of the training images whose label was swapped: whole images"),
    poisoned_classes: count.describe("how many classes they are of"),
  }),
  { stage: "poison" },
);

/** What metrics/labels.json holds. */
export type LabelMetrics = Parameters<(typeof labelMetricsFile)["write"]>[1];
