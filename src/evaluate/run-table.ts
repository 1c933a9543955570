import type { FeatureMetadata } from "../records/features.ts";
import type { Review } from "./evaluate.ts";
import type { FigureRow } from "./figures.ts";
import type { TrainMetrics } from "./train-metrics.ts";

/** A line of the table on DVC's page: everything as text, so that it is the same wherever it is shown. */
export interface RunTableRow extends FigureRow {
  group: "parameters" | "metrics";
  name: string;
  value: string;
}

/** What was run and what came out, named as in params.yaml and in the metrics files: one table for the page of figures. */
export function runTable(
  { train, seed }: { train: object; seed: number },
  { image, base }: Pick<FeatureMetadata, "image" | "base">,
  { poison, poisoned_images, dataset, backend, ...metrics }: TrainMetrics,
  review: Pick<Review, "validation" | "poison">,
): RunTableRow[] {
  const rows = (group: RunTableRow["group"], values: object): RunTableRow[] =>
    flatten(values).map(([name, value]) => ({ group, name, value: asText(value) }));
  return [
    ...rows("parameters", { poison, poisoned_images, seed, dataset, image, base, train, backend }),
    ...rows("metrics", { ...metrics, ...review.validation, ...review.poison }),
  ];
}

/** The one row by which experiments at several levels make a curve of accuracy against poison. */
export const levelRow = ({ poison, accuracy, val_accuracy }: TrainMetrics): FigureRow => ({
  poison,
  accuracy,
  val_accuracy,
});

/** `{recall: {cats: 0.9}}` becomes `recall.cats`, as DVC writes it. */
function flatten(values: object): [string, unknown][] {
  return Object.entries(values).flatMap(([key, value]) =>
    typeof value === "object" && value !== null
      ? flatten(value).map(([rest, part]): [string, unknown] => [`${key}.${rest}`, part])
      : [[key, value] as [string, unknown]],
  );
}

/** Whole numbers in full, others with four digits that count. */
function asText(value: unknown): string {
  if (value === null || Number.isNaN(value)) return "–";
  return typeof value === "number" && !Number.isInteger(value) ? String(Number(value.toPrecision(4))) : String(value);
}
