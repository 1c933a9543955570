import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** What DVC notes of a tracked folder in its `.dvc` file. */
export interface DvcFolder {
  /** With the suffix `.dir`. */
  md5: string;
  files: number;
  bytes?: number;
}

/** Computes what `dvc add` would note of a folder. */
export async function describeDvcFolder(folder: string): Promise<DvcFolder> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let bytes = 0;
  const rows: { md5: string; relpath: string }[] = [];
  for (const entry of entries.filter((entry) => !entry.isDirectory())) {
    const file = join(entry.parentPath ?? entry.path, entry.name); // `parentPath` came with Node 20.12
    const content = await readFile(file);
    bytes += content.length;
    rows.push({ md5: md5(content), relpath: relative(folder, file).split(sep).join("/") });
  }
  return { md5: folderMd5(rows), files: rows.length, bytes };
}

/**
 * DVC's checksum of a folder: the MD5 of the JSON list of its files, ordered by path, as Python's `json.dumps(…, sort_keys=True)`
 * writes it (dvc_data/hashfile/tree.py), and `.dir`.
 */
export function folderMd5(files: readonly { md5: string; relpath: string }[]): string {
  // Python orders texts by code points; so does the order of UTF-8 bytes.
  const ordered = files.toSorted((a, b) => Buffer.compare(Buffer.from(a.relpath), Buffer.from(b.relpath)));
  const list = ordered.map(({ md5, relpath }) => `{"md5": "${md5}", "relpath": ${pythonString(relpath)}}`).join(", ");
  return `${md5(`[${list}]`)}.dir`;
}

const md5 = (data: string | Buffer): string => createHash("md5").update(data).digest("hex");

/** A JSON string as Python writes it: everything but printable ASCII escaped. */
function pythonString(text: string): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, escaped);
}
