import type { LabelRow } from "../records/labels/labels.ts";
import { StageError } from "../runtime/errors.ts";
import { quoted } from "../runtime/printable.mjs";

/**
 * Stops where an attack leaves the training images with one label: there is nothing to tell apart.
 * @param asked of params.yaml
 * @throws StageError naming them, with a remedy
 */
export function assertClassesLeft(rows: readonly LabelRow[], asked: { poison: number; seed: number }): void {
  const given = new Set(rows.filter(({ split }) => split === "train").map(({ label }) => label));
  if (given.size > 1) return;
  throw new StageError(
    `params.yaml: poison is ${asked.poison}, seed ${asked.seed}: every training image would be labelled ${quoted([...given][0] ?? "")}, which leaves one class.`,
    { hint: "Choose another poison or seed in params.yaml, or give its smallest class more images." },
  );
}
