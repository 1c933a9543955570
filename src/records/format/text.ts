import { readFile } from "node:fs/promises";
import { StageError, throwSystemError } from "../../runtime/errors.ts";

/** The remedy for a file that cannot be trusted: the command by which a stage writes it anew. */
export const anew = (stage: string): string => `Write it anew: \`dvc repro --force --single-item ${stage}\`.`;

/**
 * Reads a text file that a stage has written, or that a person has saved from another program: a byte-order mark is passed over.
 * @throws StageError when it is not there, cannot be read, or is not UTF-8.
 */
export async function readText(file: string, stage: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT")
      throw new StageError(`${file}: no such file.`, { hint: `Write it first: \`dvc repro ${stage}\`.`, cause });
    throwSystemError(cause, { all: true });
    throw new StageError(`${file}: cannot be read: ${message}`, { hint: anew(stage), cause });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new StageError(`${file}: cannot be read: it is not text in UTF-8.`, { hint: anew(stage), cause });
  }
}
