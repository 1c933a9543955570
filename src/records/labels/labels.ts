import { writeFile } from "node:fs/promises";
import { csvFormat, csvParseRows } from "d3-dsv";
import { z } from "zod";
import { StageError } from "../../runtime/errors.ts";
import { assertFits, assertWritable, checked } from "../format/check.ts";
import { separatorFault } from "../format/csv.ts";
import { classNamesOf } from "../format/image-folder.ts";
import { anew, readText } from "../format/text.ts";
import { faultOfClasses, faultOfRows } from "./label-claims.ts";
import { type LabelRow, labelRowSchema } from "./label-row.ts";

export type { LabelRow } from "./label-row.ts";

/** The rows, and all columns in their order. */
export type LabelTable = LabelRow[] & { columns: readonly string[] };

const COLUMNS = Object.keys(labelRowSchema.shape);

const schema = checked(z.array(labelRowSchema), (rows) => faultOfRows(rows) ?? faultOfClasses(rows));

/**
 * The label table as CSV. Cells are as they are, also one that begins with `=`, `+`, `-` or `@`: stages and other programs join on them. All
 * that this project makes for people to open in a spreadsheet is history.csv beside an MLflow run, which holds numbers alone.
 * @param columns by default all that the rows have, `image,split,label,true_label` and further ones.
 */
export function formatLabels(rows: readonly LabelRow[], columns = columnsOf(rows)): string {
  return `${csvFormat(rows, columns as (keyof LabelRow)[])}\n`;
}

/** Writes the label table. @throws Error when a reader would not accept it: that is a bug of whoever made the rows. */
export async function writeLabels(file: string, rows: readonly LabelRow[]): Promise<void> {
  assertWritable(schema, [...rows], file);
  await writeFile(file, formatLabels(rows));
}

/**
 * Reads a label table, further columns included.
 * @throws StageError, rows counted as spreadsheets do, the header being the first, when it cannot be trusted: a column, a value or a split's rows are missing, an image stands in it twice or lies
 * elsewhere than its row says, a validation label is not the true one, a label is no class, or training is left with one class.
 */
export async function readLabels(file: string): Promise<LabelTable> {
  return parseLabels(await readText(file, "poison"), file);
}

/** As {@link readLabels}, for text that is at hand. @param name what messages call the file. */
export function parseLabels(text: string, name: string): LabelTable {
  const [columns = [], ...lines] = csvParseRows(text);
  const hint = anew("poison");
  const refuse = (what: string) => new StageError(`${name}: ${what}`, { hint });
  const apart = separatorFault(columns);
  if (apart !== undefined) throw refuse(apart);
  const missing = COLUMNS.filter((column) => !columns.includes(column));
  if (missing.length > 0) throw refuse(`the column ${missing.join(", ")} is missing.`);
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice !== undefined) throw refuse(`the column ${twice} stands in it twice.`);
  const rows = lines.map((values, i) => {
    if (values.length !== columns.length)
      throw refuse(`row ${i + 2} has ${values.length} values, but there are ${columns.length} columns.`);
    return Object.fromEntries(columns.map((column, c) => [column, values[c]]));
  });
  const place = ([i, key]: PropertyKey[]) => `row ${Number(i) + 2}: ${String(key)}`;
  return Object.assign(assertFits(schema, rows, { name, hint, place }), { columns });
}

/** The class names, in the order that numbers them. */
export const classNamesIn = (rows: readonly LabelRow[]): string[] => classNamesOf(rows.map((row) => row.true_label));

/** The rows whose label is not the true one. */
export function swappedRows(rows: readonly LabelRow[]): LabelRow[] {
  return rows.filter((row) => row.label !== row.true_label);
}

/** The poison level that the labels really hold: swapped share of the training images in percent, e.g. 7.5. */
export function poisonLevel(rows: readonly LabelRow[]): number {
  const training = rows.filter((row) => row.split === "train").length;
  return (100 * swappedRows(rows).length) / training;
}

function columnsOf(rows: readonly LabelRow[] & { columns?: readonly string[] }): readonly string[] {
  return rows.columns ?? [...new Set([...COLUMNS, ...rows.flatMap(Object.keys)])];
}
