import { z } from "zod";
import { checked, open, share } from "../format/check.ts";
import { jsonFile } from "../format/json.ts";

const byClass = z.record(z.string(), share.nullable());

const schema = open({
  auroc: share
    .nullable()
    .describe(
      "area under the receiver operating characteristic, 0.5 (chance) to 1; of more classes the mean of one against the rest",
    ),
  average_precision: share
    .nullable()
    .describe("area under the precision–recall curve, share of positives (chance) to 1; likewise"),
  brier_score: share.describe("mean squared error of the probabilities, 0 (best) to 1"),
  expected_calibration_error: share.describe(
    "how far confidence and accuracy lie apart, by 15 equal-width bins of confidence",
  ),
  recall: byClass.describe("by class, the share of its images that are recognized: the accuracy of the class"),
  precision: byClass.describe(
    "by class, the share of the images taken for it that belong to it; null when there are none",
  ),
});

/** How well a model knows the validation images, whose labels are true. Two classes: the second by name is the one looked for. */
export type ValidationMetrics = z.infer<typeof schema>;

/** metrics/validation.json */
export const validationMetricsFile = jsonFile(
  checked(schema, ({ recall, precision }) => {
    const stray = Object.keys(recall).find((name) => !Object.hasOwn(precision, name));
    if (stray !== undefined) return [["recall", stray], "precision knows no such class"];
    const other = Object.keys(precision).find((name) => !Object.hasOwn(recall, name));
    return other === undefined ? undefined : [["precision", other], "recall knows no such class"];
  }),
  { stage: "train-top" },
);
