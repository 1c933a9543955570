import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileMd5, md5 } from "./md5.ts";

/** A file of a folder, as DVC notes it in the folder's `.dir` object. */
export interface FolderEntry {
  md5: string;
  /** From the folder, with `/`. */
  relpath: string;
}

/** What DVC notes of a tracked folder. */
export interface DvcFolder {
  /** With the suffix `.dir`, 36 characters. */
  md5: string;
  files: number;
  bytes?: number;
}

/** Computes what `dvc add` would note of a folder; its files are read one after the other, piece by piece. */
export async function describeFolder(folder: string): Promise<DvcFolder & { entries: FolderEntry[] }> {
  const entries: FolderEntry[] = [];
  let bytes = 0;
  for (const relpath of await filesIn(folder)) {
    const file = join(folder, relpath);
    bytes += (await stat(file)).size;
    entries.push({ md5: await fileMd5(file), relpath });
  }
  return { md5: folderMd5(entries), files: entries.length, bytes, entries };
}

/** The files below a folder, from there, with `/`. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      relative(folder, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join("/"),
    ); // `parentPath` came with Node 20.12
}

/**
 * DVC's digest of a folder: the MD5 of the JSON list of its files, ordered by path, as Python's `json.dumps(…, sort_keys=True)` writes it
 * (dvc_data/hashfile/tree.py), and `.dir`.
 */
export function folderMd5(files: readonly FolderEntry[]): string {
  // Python orders texts by code points; so does the order of UTF-8 bytes.
  const ordered = files.toSorted((a, b) => Buffer.compare(Buffer.from(a.relpath), Buffer.from(b.relpath)));
  const list = ordered.map(({ md5, relpath }) => `{"md5": "${md5}", "relpath": ${pythonString(relpath)}}`).join(", ");
  return `${md5(`[${list}]`)}.dir`;
}

/** A JSON string as Python writes it: everything but printable ASCII escaped. */
function pythonString(text: string): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, escaped);
}
