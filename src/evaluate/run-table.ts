import { createHash } from "node:crypto";
import type { FeatureMetadata } from "../records/features/features-metadata.ts";
import type { Figures } from "../records/training/figures.ts";
import type { TrainMetrics } from "../records/training/train-metrics.ts";
import type { Evaluation } from "./evaluate.ts";

type RunTable = Figures["run"];

/**
 * What was run and what came out, named as in params.yaml and in the metrics files: one table for the page of figures. Everything is
 * text, so that it is the same wherever it is shown.
 */
export function runTable(
  { train, seed }: { train: Record<string, unknown>; seed: number },
  { image, base, pool }: Pick<FeatureMetadata, "image" | "base" | "pool">,
  { poison, poisoned_images, dataset, backend, features, ...metrics }: TrainMetrics,
  evaluation: Pick<Evaluation, "validation" | "memorization">,
): RunTable {
  const rows = (group: RunTable[number]["group"], values: object): RunTable =>
    flatten(values).map(([name, value]) => ({ group, name, value: asText(value) }));
  const { standardize, ...rest } = train;
  const shown = standardize === "none" ? rest : train; // rows of before it came
  return [
    ...rows("parameters", {
      ...{ poison, poisoned_images, seed, dataset, image, base, ...(pool && { pool }), train: shown, backend },
      features: features ?? {},
    }),
    ...rows("metrics", { ...metrics, ...evaluation.validation, ...evaluation.memorization }),
  ];
}

/**
 * The two rows by which experiments at several levels make curves of accuracy against poison: one a set of images. Lines join what differs in the level
 * alone: `series` names data set, preprocessing and seed, and ends with a digest of all parameters but the level.
 */
export function levelRows(
  { poison, accuracy, val_accuracy, dataset }: TrainMetrics,
  table: RunTable,
): Figures["poison"] {
  const given = table.filter(({ group, name }) => group === "parameters" && !/^poison/.test(name));
  const value = (key: string) => given.find(({ name }) => name === key)?.value;
  const digest = createHash("sha256").update(JSON.stringify(given)).digest("hex").slice(0, 8);
  const series = `${dataset.name} · ${value("image.preprocess")} · seed ${value("seed")} · ${digest}`;
  return [
    { poison, images: "training", accuracy, series },
    { poison, images: "validation", accuracy: val_accuracy, series },
  ];
}

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
