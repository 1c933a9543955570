import { roundDeep } from "../../numbers/round-deep.ts";
import type { DatasetInput } from "../client/run-data.ts";

/** What was given, or is no measure: it would be a chart of one point beside the curves. */
const isFact = (key: string): boolean =>
  ["best_epoch", "poison", "poisoned_images"].includes(key) || key.startsWith("dataset.");

/** Parts the numbers of a training's files: those that are measured, and as texts those that are tags of its run. */
export function measuresAndFacts(numbers: Record<string, number>): {
  measures: Record<string, number>;
  facts: Record<string, string>;
} {
  const { poisoned_images: swapped, "dataset.train_images": images } = numbers;
  const level = swapped !== undefined && images !== undefined && { poison: roundDeep((100 * swapped) / images) };
  const entries = Object.entries({ ...level, ...numbers });
  return {
    measures: Object.fromEntries(entries.filter(([key]) => !isFact(key))),
    facts: Object.fromEntries(
      entries
        .filter(([key]) => isFact(key))
        .map(([key, value]) => [key === "poison" ? "poison_reached" : key, String(value)]), // the parameter is what was asked for
    ),
  };
}

/** The data set of a run that each metric was measured on: its images for training or for validation; none where it is of both. */
export function measuredOn(
  metrics: readonly string[],
  datasets: readonly DatasetInput[],
): Record<string, Pick<DatasetInput, "name" | "digest">> {
  return Object.fromEntries(
    metrics.flatMap((key) => {
      const found = datasets.find(({ name }) => name.endsWith(` ${splitOf(key)}`));
      return found ? [[key, { name: found.name, digest: found.digest }]] : [];
    }),
  );
}

function splitOf(metric: string): "train" | "validation" | undefined {
  if (/^(val_|validation\.)/.test(metric)) return "validation";
  return /^(loss|accuracy|memorization\..*)$/.test(metric) ? "train" : undefined;
}
