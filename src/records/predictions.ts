import { z } from "zod";
import { StageError } from "../runtime/errors.ts";
import { classNames } from "./image-folder.ts";
import { readJson } from "./json.ts";

const share = z.number().min(0).max(1);
const schema = z.array(
  z.object({
    image: z.string(),
    label: z.string(),
    predicted: z.string(),
    probability: share,
    probabilities: z.record(z.string(), share).optional(),
  }),
);

/** What the model makes of one validation image: a row of plots/predictions.json. */
export type PredictionRow = z.infer<typeof schema>[number];

/** Checks what a predictions file holds. @throws StageError naming `file`. */
export function parsePredictions(value: unknown, file: string): PredictionRow[] {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0] as z.core.$ZodIssue;
  throw new StageError(`${file}: ${z.core.toDotPath(path) || "content"}: ${message}.`, {
    hint: "Write it anew: `dvc repro --force --single-item train-top`.",
  });
}

/** Reads plots/predictions.json. @throws StageError naming the file and the key at fault. */
export const readPredictions = async (file: string): Promise<PredictionRow[]> =>
  parsePredictions(await readJson<unknown>(file, "train-top"), file);

/** The probability that the model gives to a class of one image. @param rows all of them: two classes have one probability a row. */
export function probabilityOf(rows: readonly PredictionRow[]): (row: PredictionRow, name: string) => number {
  const second = classNames(rows.flatMap(({ label, predicted }) => [label, predicted]))[1];
  return ({ probability, probabilities }, name) =>
    probabilities ? (probabilities[name] ?? 0) : name === second ? probability : 1 - probability;
}
