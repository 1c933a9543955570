import { readFile } from "node:fs/promises";
import { StageError, throwSystemError } from "../../runtime/errors.ts";
import { decodeUtf8 } from "../../runtime/utf8.ts";

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
    throwSystemError(cause, file);
    throw new StageError(`${file}: cannot be read: ${message}`, { hint: anew(stage), cause });
  }
  const decoded = decodeUtf8(bytes);
  if ("text" in decoded) return decoded.text;
  throw new StageError(`${file}: cannot be read: it ${decoded.fault}.`, { hint: `Save it as UTF-8. ${anew(stage)}` });
}
