import { readFileSync, statSync } from "node:fs";
import { explainSystemError, StageError } from "../runtime/errors.ts";
import { decodeUtf8 } from "../runtime/utf8.ts";

/** Bytes of params.yaml; ours has one thousand. */
const MOST_BYTES = 1_000_000;

/** The text of params.yaml. @throws StageError when there is none, or it is no text in UTF-8. */
export function readParams(file: string): string {
  const refuse = (what: string, hint: string, cause?: unknown) => new StageError(`${file} ${what}.`, { hint, cause });
  let bytes: Buffer;
  try {
    const found = statSync(file);
    if (!found.isFile()) throw refuse("is no file", `Put it away and restore the file: git checkout ${file}`);
    if (found.size > MOST_BYTES)
      throw refuse(`has ${found.size} bytes; at most ${MOST_BYTES} are read`, `Restore it: git checkout ${file}`);
    bytes = readFileSync(file);
  } catch (thrown) {
    const known = explainSystemError(thrown);
    if (known instanceof StageError && (thrown as NodeJS.ErrnoException).code !== "ENOENT") throw known;
    throw refuse("cannot be read", "Run from the project's folder: `cd dvc-poison`.", thrown);
  }
  if (bytes.length === 0) throw refuse("is empty", `Restore it: git checkout ${file}`);
  const decoded = decodeUtf8(bytes);
  if ("fault" in decoded) throw refuse(decoded.fault, "Save it as UTF-8.");
  return decoded.text;
}
