import { z } from "zod";
import { checked, count, type Fault, open, ROUNDING, share } from "../format/check.ts";
import { type JsonFile, jsonFile } from "../format/json.ts";

const loss = z.number().min(0).nullable();

const schema = open({
  loss: loss.describe(
    "mean cross-entropy of the last epoch's training batches, with dropout, nats; null: not a number",
  ),
  accuracy: share.describe(
    "share of the training images classified as their given label says, by the last epoch's batches",
  ),
  val_loss: loss,
  val_accuracy: share.describe("share of the validation images classified truly"),
  best_epoch: z.int().min(1).describe("the epoch with the highest validation accuracy, the first of equals"),
  generalization_gap: z.number().min(-1).max(1).describe("accuracy - val_accuracy"),
  poison: z.number().min(0).max(100).describe("% of the training images whose label was swapped"),
  poisoned_images: count,
  dataset: open({
    name: z.string().min(1),
    classes: z.int().min(2).describe("how many"),
    train_images: z.int().min(1),
    validation_images: z.int().min(1),
    skipped_images: z.int().min(1).optional().describe("of the source, which could not be used"),
  }),
  backend: z.string().describe("what trained: `cpu`, `tensorflow 2.21.0 gpu`"),
  features: open({ backend: z.string() }).optional().describe("what made the features; version 0.1.0 did not say it"),
});

/** What metrics/train.json holds: the last epoch's figures and what they were got from. */
export type TrainMetrics = z.infer<typeof schema>;

const file = jsonFile(z.preprocess(withLevel, checked(schema, faultOf)) as z.ZodType<TrainMetrics>, {
  stage: "train-top",
});

/** metrics/train.json. The level is not written: `poison` is a parameter, and a table of both would have two columns of that name. */
export const trainMetricsFile: JsonFile<TrainMetrics> = {
  ...file,
  write: (path, { poison: _level, ...metrics }) => file.write(path, metrics as TrainMetrics),
};

/** Adds the level that the counts make, where it does not stand there, as version 0.1.0 had it. */
function withLevel(value: unknown): unknown {
  const { poison, poisoned_images: swapped, dataset } = (value ?? {}) as Partial<TrainMetrics>;
  const images = dataset?.train_images;
  if (poison !== undefined || typeof swapped !== "number" || typeof images !== "number" || images < swapped)
    return value;
  return { ...(value as object), poison: Number(((100 * swapped) / images).toFixed(6)) };
}

function faultOf({ accuracy, val_accuracy, generalization_gap, poison, poisoned_images, dataset }: TrainMetrics) {
  const { train_images } = dataset;
  const level = (100 * poisoned_images) / train_images;
  const faults: (Fault | false)[] = [
    poisoned_images > train_images && [["poisoned_images"], `there are ${train_images} training images`],
    Math.abs(poison - level) > ROUNDING && [["poison"], `${poisoned_images} of ${train_images} images are ${level} %`],
    Math.abs(generalization_gap - (accuracy - val_accuracy)) > 2 * ROUNDING && [
      ["generalization_gap"],
      "it must be accuracy - val_accuracy",
    ],
  ];
  return faults.find((fault) => fault !== false);
}
