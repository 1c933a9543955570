import { writeFile } from "node:fs/promises";
import type { z } from "zod";
import { conflictIn } from "../../runtime/conflict.mjs";
import { StageError } from "../../runtime/errors.ts";
import { oneLine } from "../../runtime/printable.mjs";
import { assertFits, assertWritable } from "./check.ts";
import { anew, readText } from "./text.ts";

/** One kind of JSON file: the same schema says what is written and what is read. */
export interface JsonFile<T> {
  /** @throws Error naming the key when a reader would not accept the value: that is a bug. */
  write(file: string, value: T): Promise<void>;
  /** @throws StageError naming the file, the key, the value, and the command that writes the file anew. */
  read(file: string): Promise<T>;
  /** As `read`, for text that is at hand. @param name what messages call the file. */
  parse(text: string, name: string): T;
}

/**
 * Describes a kind of JSON file.
 * @param options.stage the stage that writes it. @param options.rows whether it is a list with one row a line; else it is indented.
 */
export function jsonFile<T>(
  schema: z.ZodType<T>,
  { stage, rows = false }: { stage: string; rows?: boolean },
): JsonFile<T> {
  const parse = (text: string, name: string): T => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      const conflict = conflictIn(text, name);
      if (conflict) throw new StageError(conflict.message, conflict);
      throw new StageError(`${name}: cannot be read: ${oneLine((cause as Error).message)}`, {
        hint: anew(stage),
        cause,
      });
    }
    return assertFits(schema, value, { name, hint: anew(stage) });
  };
  return {
    parse,
    read: async (file) => parse(await readText(file, stage), file),
    async write(file, value) {
      assertWritable(schema, value, file);
      await (rows ? writeJsonRows(file, value as readonly unknown[]) : writeJson(file, value));
    },
  };
}

/** Writes a value as indented JSON. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** Writes rows as a JSON list with one row a line. */
async function writeJsonRows(file: string, rows: readonly unknown[]): Promise<void> {
  await writeFile(file, `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`);
}
