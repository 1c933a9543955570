import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { checked, count, open, share } from "../format/check.ts";
import { type JsonFile, jsonFile } from "../format/json.ts";

const row = {
  confusion: open({ label: z.string(), predicted: z.string(), images: count, share }),
  roc: open({ false_positive_rate: share, true_positive_rate: share }),
  "precision-recall": open({ recall: share, precision: share }),
  probabilities: open({ label: z.string(), from: share, to: share, images: count, share }),
  reliability: open({ confidence: share, accuracy: share, images: count }),
  poison: z.union([
    open({
      poison: z.number().min(0).max(100),
      images: z.enum(["training", "validation"]),
      accuracy: share,
      series: z.string().describe("what a line joins: all that differs in the level alone"),
    }),
    open({ poison: z.number().min(0).max(100), accuracy: share, val_accuracy: share }), // version 0.1.0
  ]),
  run: open({ group: z.enum(["parameters", "metrics"]), name: z.string(), value: z.string() }),
};

/** The figures that DVC draws, by the names of their files: a list of rows each. */
export type Figures = { [name in keyof typeof row]: z.infer<(typeof row)[name]>[] };

const figure = <T>(schema: z.ZodType<T>): JsonFile<T[]> =>
  jsonFile(z.array(schema), { stage: "train-top", rows: true });

/** A curve runs from left to right. */
const curve = <S extends z.ZodType<Record<string, number>>>(schema: S, x: string) =>
  jsonFile(
    checked(z.array(schema), (points) => {
      const i = points.findIndex((point, i) => (point[x] as number) < (points[i - 1]?.[x] ?? 0));
      return i < 0 ? undefined : [[i, x], "it is less than in the row before"];
    }),
    { stage: "train-top", rows: true },
  );

/** plots/figures/NAME.json, by name. */
export const figureFiles: { [name in keyof Figures]: JsonFile<Figures[name]> } = {
  confusion: figure(row.confusion),
  roc: curve(row.roc, "false_positive_rate"),
  "precision-recall": curve(row["precision-recall"], "recall"),
  probabilities: figure(row.probabilities),
  reliability: figure(row.reliability),
  poison: figure(row.poison),
  run: figure(row.run),
};

/** Makes a folder of all figures' data. */
export async function writeFigures(folder: string, figures: Figures): Promise<void> {
  await mkdir(folder);
  for (const name of Object.keys(figures) as (keyof Figures)[])
    await (figureFiles[name] as JsonFile<unknown>).write(join(folder, `${name}.json`), figures[name]);
}
