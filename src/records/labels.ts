import { readFile, writeFile } from "node:fs/promises";
import { csvFormat, csvParse } from "d3-dsv";
import { StageError } from "../runtime/errors.ts";
import { SPLITS, type Split } from "./image-folder.ts";

/** A row of the label table: what training believes beside what is true. */
export interface LabelRow {
  image: string;
  split: Split;
  label: string;
  true_label: string;
}

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

/** The rows whose label is not the true one. */
export function swappedRows(rows: readonly LabelRow[]): LabelRow[] {
  return rows.filter((row) => row.label !== row.true_label);
}

/** The poison level that the labels really hold: swapped share of the training images in percent, e.g. 7.5. */
export function poisonLevel(rows: readonly LabelRow[]): number {
  const training = rows.filter((row) => row.split === "train").length;
  return (100 * swappedRows(rows).length) / training;
}
