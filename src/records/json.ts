import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StageError } from "../runtime/errors.ts";

/** Writes a value as indented JSON. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** Writes rows as a JSON list with one row a line. */
export async function writeJsonRows(file: string, rows: readonly unknown[]): Promise<void> {
  await writeFile(file, `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`);
}

/** Makes a folder of such lists, `name.json` for each. */
export async function writeJsonTables(folder: string, tables: Record<string, readonly unknown[]>): Promise<void> {
  await mkdir(folder);
  for (const [name, rows] of Object.entries(tables)) await writeJsonRows(join(folder, `${name}.json`), rows);
}

/** Reads a JSON file that another stage has written. @throws StageError naming the file and how to write it anew. */
export async function readJson<T>(file: string, stage: string): Promise<T> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch (cause) {
    throw new StageError(`${file}: cannot be read: ${(cause as Error).message}`, {
      hint: `Write it anew: \`dvc repro --force --single-item ${stage}\`.`,
      cause,
    });
  }
}
