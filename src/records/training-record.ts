import { z } from "zod";
import { StageError } from "../runtime/errors.ts";
import { readJson } from "./json.ts";

const count = z.int().min(0);
const share = z.number().min(0).max(1);
/** JSON has no NaN: the loss of a training that diverged is written as null. */
const loss = z.number().min(0).nullable();

const historySchema = z
  .array(z.object({ epoch: z.int().min(1), loss, accuracy: share, val_loss: loss, val_accuracy: share }))
  .min(1);
const factsSchema = z.object({
  poison: z.number().min(0).max(100),
  poisoned_images: count,
  best_epoch: z.int().min(1),
  dataset: z.object({ name: z.string(), train_images: count, validation_images: count }),
});

/** An epoch's figures as plots/history.json holds them. */
export type EpochRecord = z.infer<typeof historySchema>[number];

/** What metrics/train.json tells about a training, beside its figures. */
export type TrainingFacts = z.infer<typeof factsSchema>;

/** Reads what train-top wrote about a training. @throws StageError naming the file and the key at fault. */
export async function readTrainingRecord(files: {
  history: string;
  metrics: string;
}): Promise<{ history: EpochRecord[]; facts: TrainingFacts }> {
  const history = await readValid(files.history, historySchema);
  const facts = await readValid(files.metrics, factsSchema);
  if (!history.some(({ epoch }) => epoch === facts.best_epoch)) {
    throw new StageError(
      `${files.metrics}: best_epoch is ${facts.best_epoch}, which ${files.history} does not hold: they are of two trainings.`,
      { hint: HINT },
    );
  }
  return { history, facts };
}

const HINT = "Write them anew: `dvc repro --force --single-item train-top`.";

async function readValid<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const value = await readJson<unknown>(file, "train-top");
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0] as z.core.$ZodIssue;
  const found = path.reduce<unknown>((place, key) => (place as Record<PropertyKey, unknown> | undefined)?.[key], value);
  const key = path.length > 0 ? `${z.core.toDotPath(path)} ` : "";
  throw new StageError(
    found === undefined ? `${file}: ${key}is missing.` : `${file}: ${key}is ${JSON.stringify(found)}: ${message}.`,
    { hint: HINT },
  );
}
