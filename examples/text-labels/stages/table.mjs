import { readFile, writeFile } from "node:fs/promises";
import { StageError } from "dvc-poison/stage";

/**
 * Reads a table of texts: values have no commas.
 *
 * @param {string} file
 * @param {string[]} columns what it must have.
 * @returns {Promise<Record<string, string>[]>}
 */
export async function readTable(file, columns) {
  const [header = "", ...lines] = (await readFile(file, "utf8")).trim().split("\n");
  const names = header.split(",");
  const missing = columns.find((column) => !names.includes(column));
  if (missing !== undefined)
    throw new StageError(`${file}: there is no column "${missing}".`, { hint: `Its first line must have ${columns}.` });
  return lines.map((line) => {
    const values = line.split(",");
    return Object.fromEntries(names.map((name, i) => [name, values[i] ?? ""]));
  });
}

/** Writes a table. @param {string} file @param {string[]} columns @param {Record<string, string>[]} rows */
export async function writeTable(file, columns, rows) {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  await writeFile(file, `${lines.join("\n")}\n`);
}
