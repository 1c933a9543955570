import { readFile, writeFile } from "node:fs/promises";
import { csvFormat, csvParse } from "d3-dsv";
import type { LabelRow } from "../attacks/random.ts";
import { StageError } from "../runtime/errors.ts";
import { SPLITS, type Split } from "./image-folder.ts";

const COLUMNS = ["image", "split", "label", "true_label"] as const;

/** The label table as CSV, columns `image,split,label,true_label`. */
export const formatLabels = (rows: readonly LabelRow[]): string => `${csvFormat(rows, COLUMNS)}\n`;

/** Writes the label table. */
export const writeLabels = (file: string, rows: readonly LabelRow[]): Promise<void> =>
  writeFile(file, formatLabels(rows));

/**
 * Reads a label table.
 * @throws StageError when a column is missing, a split is unknown, or an image stands in it twice.
 */
export async function readLabels(file: string): Promise<LabelRow[]> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new StageError(`${file}: cannot read the label table.`, {
      hint: "Write it first: `dvc repro poison`.",
      cause,
    });
  });
  const table = csvParse(text);
  const missing = COLUMNS.filter((column) => !table.columns.includes(column));
  const hint = "Write it anew: `dvc repro --force --single-item poison`.";
  if (missing.length > 0) throw new StageError(`${file}: the column ${missing.join(", ")} is missing.`, { hint });
  const seen = new Set<string>();
  return table.map(({ image, split, label, true_label }, index) => {
    const line = `${file}: row ${index + 1}`;
    if (!image || !label || !true_label) throw new StageError(`${line}: a value is missing.`, { hint });
    if (!SPLITS.includes(split as Split))
      throw new StageError(`${line}: split is "${split}"; it must be ${SPLITS.join(" or ")}.`, { hint });
    if (seen.has(image)) throw new StageError(`${line}: the image ${image} stands in the table twice.`, { hint });
    seen.add(image);
    return { image, split: split as Split, label, true_label };
  });
}
